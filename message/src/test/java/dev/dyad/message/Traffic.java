package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;

/// What many threads send and receive over two channels, each as it likes.
@NullUnmarked // what is not there fails the test
final class Traffic {

    private static final int HEAD = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What a sender was told of a message.
    enum Told {
        SENT,
        PART_SENT,
        NOTHING_SENT,
        ENDED
    }

    /// @param sender whose
    /// @param number which of its messages, from zero on
    record Arrived(int sender, int number) {}

    private final MessageChannel from;
    private final MessageChannel to;
    private final int longest;
    private final boolean hurries;
    final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();

    /// @param longest how long a message may be, in bytes
    /// @param hurries whether some deadlines are short
    Traffic(MessageChannel from, MessageChannel to, int longest, boolean hurries) {
        this.from = from;
        this.to = to;
        this.longest = longest;
        this.hurries = hurries;
    }

    /// Returns what sends some messages, one after another, and answers what it was told of each.
    Callable<List<Told>> sender(int sender, int messages, long seed) {
        return () -> {
            var random = new Random(seed);
            List<Told> told = new ArrayList<>();
            for (int number = 0; number < messages && !told.contains(Told.ENDED); number++) {
                told.add(send(message(sender, number, random), random));
                boolean _ = Thread.interrupted();
            }
            return told;
        };
    }

    private ByteBuffer message(int sender, int number, Random random) {
        int length = HEAD
                + switch (random.nextInt(40)) {
                    case 0 -> random.nextInt(longest - HEAD);
                    case 1, 2, 3 -> random.nextInt(Math.min(longest - HEAD, 40_000));
                    default -> random.nextInt(100);
                };
        ByteBuffer message =
                ByteBuffer.allocate(length).putInt(sender).putInt(number).putInt(length);
        Arrays.fill(message.array(), HEAD, length, (byte) (31 * sender + number));
        return message.rewind();
    }

    private Told send(ByteBuffer message, Random random) {
        try {
            if (message.remaining() <= FrameWriter.MOST_KEPT && random.nextInt(4) == 0) {
                return from.trySend(message) ? Told.SENT : Told.NOTHING_SENT;
            }
            from.send(message, deadline(random));
            return Told.SENT;
        } catch (InterruptedIOException early) { // by a deadline, too
            return early.bytesTransferred > 0 ? Told.PART_SENT : Told.NOTHING_SENT;
        } catch (ChannelClosedException closed) {
            return Told.ENDED;
        } catch (IOException e) {
            throw new AssertionError("no other exception is promised", e);
        }
    }

    private Deadline deadline(Random random) {
        return Deadline.after(
                hurries && random.nextInt(4) == 0 ? Duration.ofNanos(random.nextInt(2_000_000)) : PATIENCE);
    }

    /// Returns what receives until the end, now and then slowly, and answers how that came.
    Callable<Closed> receiver(long seed) {
        return () -> {
            var random = new Random(seed);
            boolean goesOn = true;
            while (goesOn) {
                goesOn = receive(random);
                boolean _ = Thread.interrupted();
            }
            return to.closed().orElseThrow();
        };
    }

    private boolean receive(Random random) {
        if (random.nextInt(50) == 0) {
            LockSupport.parkNanos(random.nextInt(1_000_000)); // a slow reader
        }
        boolean tries = random.nextInt(4) == 0;
        try (Message message = tries ? to.tryReceive() : to.receive(deadline(random))) {
            if (message == null) {
                return tries && to.closed().isEmpty();
            }
            take(message);
            return true;
        } catch (InterruptedIOException early) { // by a deadline, too
            return true;
        } catch (ChannelClosedException closed) {
            assertThat(to.closed()).containsSame(closed.closed());
            return false;
        } catch (IOException e) {
            throw new AssertionError("no other exception is promised", e);
        }
    }

    private void take(Message message) throws IOException {
        ByteBuffer bytes = message.bytes().duplicate();
        int sender = bytes.getInt();
        int number = bytes.getInt();
        assertThat(bytes.getInt()).isEqualTo((int) message.length());
        while (bytes.hasRemaining()) {
            if (bytes.get() != (byte) (31 * sender + number)) {
                throw new AssertionError("byte " + (bytes.position() - 1) + " of message " + number + " of " + sender);
            }
        }
        arrived.add(new Arrived(sender, number));
    }
}
