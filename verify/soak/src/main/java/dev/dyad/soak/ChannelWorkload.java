package dev.dyad.soak;

import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.Closed;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Messages of any length in both directions, between two threads or to a child that is killed.
final class ChannelWorkload implements Workload {

    private static final int MOST_MESSAGES = 200;
    private static final int LONGEST = 1 << 16;

    @Override
    public String name() {
        return "channels";
    }

    /// Messages in turn, each of bytes and of a length that its seed says.
    ///
    /// @param seed of the first one
    private record Series(long seed, int count) {

        static Series random(Random random) {
            return new Series(random.nextLong(), random.nextInt(MOST_MESSAGES));
        }

        int length(int number) {
            return new Random(seed + number).nextInt(LONGEST);
        }

        @Nullable
        IOException send(MessageChannel into) {
            try {
                for (int i = 0; i < count; i++) {
                    into.send(SeededBytes.message(seed + i, length(i)));
                }
                into.shutdownOutput();
                return null;
            } catch (IOException e) {
                return e;
            }
        }

        /// Compares each with what it should be, until the channel ends.
        long receive(MessageChannel from) throws IOException {
            long bytes = 0;
            for (int i = 0; ; i++) {
                try (Message message = from.receive()) {
                    if (message == null) {
                        return requireAll(i, bytes);
                    }
                    var hash = SeededBytes.newHash();
                    hash.update(message.bytes());
                    if (!SeededBytes.text(hash).equals(SeededBytes.hash(seed + i, length(i)))) {
                        throw new AssertionError("message %d is another one".formatted(i));
                    }
                    bytes += length(i);
                }
            }
        }

        private long requireAll(int received, long bytes) throws IOException {
            if (received < count) {
                throw new IOException("%d messages of %d came".formatted(received, count));
            }
            return bytes;
        }
    }

    @Override
    public long round(Random random, KillTargets targets) throws Exception {
        Wire wire = random.nextBoolean() ? Wire.framed() : Wire.packet(4);
        return random.nextBoolean() ? betweenThreads(random, wire) : toAChild(random, wire, targets);
    }

    private static long betweenThreads(Random random, Wire wire) throws Exception {
        Series there = Series.random(random);
        Series back = Series.random(random);
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                var left = MessageChannel.over(pair.left(), wire);
                var right = MessageChannel.over(pair.right(), wire);
                var threads = new RoundThreads(random)) {
            List<Future<@Nullable IOException>> sent =
                    List.of(threads.run(() -> there.send(left)), threads.run(() -> back.send(right)));
            Future<Long> one = threads.run(() -> there.receive(right));
            Future<Long> other = threads.run(() -> back.receive(left));
            long bytes = RoundThreads.result(one) + RoundThreads.result(other);
            for (var each : sent) {
                require(RoundThreads.result(each));
            }
            return bytes;
        }
    }

    private static long toAChild(Random random, Wire wire, KillTargets targets) throws Exception {
        Series series = Series.random(random);
        try (Child child = ChildWorkload.echo().spawn();
                var channel = MessageChannel.to(child, wire);
                var threads = new RoundThreads(random);
                var target = targets.child(child)) {
            Future<@Nullable IOException> sent = threads.run(() -> series.send(channel));
            Future<Long> received = threads.run(() -> {
                try {
                    return series.receive(channel);
                } catch (IOException e) {
                    if (!isMisread(e) && target.wasTargeted()) {
                        return 0L;
                    }
                    throw e;
                }
            });
            long bytes = RoundThreads.result(received);
            IOException failure = RoundThreads.result(sent);
            if (isMisread(failure) || !target.wasTargeted()) {
                require(failure);
            }
            return bytes;
        }
    }

    /// Returns whether what came is not of the wire, which no kill explains.
    static boolean isMisread(@Nullable IOException failure) {
        return failure instanceof ChannelClosedException ended && ended.closed() instanceof Closed.Misbehaved;
    }

    private static void require(@Nullable IOException failure) {
        if (failure != null) {
            throw new AssertionError("a channel broke that nobody cut", failure);
        }
    }
}
