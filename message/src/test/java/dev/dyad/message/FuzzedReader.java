package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;

/// Reads a stream as a channel does, whole or bit by bit, and says what came of it.
@NullUnmarked // what is not there fails the test
final class FuzzedReader {

    static final long LIMIT = 2000;

    private FuzzedReader() {}

    /// What a stream is taken for, which does not depend on how it comes.
    ///
    /// @param messages in hexadecimal
    /// @param ending the event by which the channel ended
    /// @param at where in the stream, where that is told
    record Taken(List<String> messages, Class<?> ending, long at) {}

    /// Reads a stream to its end.
    ///
    /// @param random how it comes; or `null` for all at once
    static Taken read(Wire wire, byte[] stream, Random random) {
        var ending = new Ending(ChannelPeer.UNKNOWN, _ -> {});
        var reader = new FrameReader(new Stream(stream, random), ending, wire, LIMIT);
        List<String> messages = new ArrayList<>();
        while (readOne(reader, ending, messages, random)) {
            // as many as there are
        }
        Closed closed = ending.now();
        return new Taken(
                messages,
                closed.getClass(),
                closed instanceof Closed.Misbehaved wrong ? wrong.how().offset() : -1);
    }

    /// @return false at the end
    private static boolean readOne(FrameReader reader, Ending ending, List<String> messages, Random random) {
        boolean tries = random != null && random.nextBoolean();
        try (Message message = reader.receive(tries ? null : Deadline.never())) {
            if (message == null) {
                return tries;
            }
            byte[] bytes = ChannelContract.bytes(message);
            if (bytes.length != message.length() || bytes.length > LIMIT) {
                throw new AssertionError("a message of " + message.length() + " with " + bytes.length);
            }
            messages.add(HexFormat.of().formatHex(bytes));
            return true;
        } catch (ChannelClosedException closed) {
            if (!closed.closed().equals(ending.now())) {
                throw new AssertionError("another event than the channel's", closed);
            }
            return false;
        } catch (IOException e) {
            throw new AssertionError("no other exception is promised", e);
        }
    }

    /// The bytes, in random pieces.
    private static final class Stream implements Transport {

        private final ByteBuffer left;
        private final Random random;

        Stream(byte[] bytes, Random random) {
            left = ByteBuffer.wrap(bytes);
            this.random = random;
        }

        @Override
        public boolean takesDescriptors() {
            return false;
        }

        @Override
        public int read(ByteBuffer target, List<Descriptor> descriptors, Deadline deadline) {
            return take(target, 1);
        }

        @Override
        public int tryRead(ByteBuffer target, List<Descriptor> descriptors) {
            return take(target, 0);
        }

        private int take(ByteBuffer target, int least) {
            if (!left.hasRemaining()) {
                return -1;
            }
            int most = Math.min(target.remaining(), left.remaining());
            int count = random == null ? most : Math.min(most, least + random.nextInt(1 + random.nextInt(1 + most)));
            target.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            return count;
        }

        @Override
        public void write(ByteBuffer head, ByteBuffer body, Deadline deadline) {
            throw new AssertionError("a reader writes nothing");
        }

        @Override
        public void tryWrite(ByteBuffer source) {
            throw new AssertionError("a reader writes nothing");
        }

        @Override
        public void send(ByteBuffer source, Collection<? extends DescriptorSource> descriptors, Deadline deadline) {
            throw new AssertionError("a reader writes nothing");
        }

        @Override
        public void endWaiting(Deadline from, Supplier<? extends IOException> why) {
            // nobody reads it by then
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void shutdownOutput() {
            throw new AssertionError("a reader ends nothing");
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
