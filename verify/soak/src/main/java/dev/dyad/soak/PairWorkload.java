package dev.dyad.soak;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A pair, full in both directions, that is sometimes closed in the middle.
final class PairWorkload implements Workload {

    private static final int LONGEST = 4 << 20;
    private static final int LONGEST_PAUSE = 5_000_000; // nanoseconds

    @Override
    public String name() {
        return "pairs";
    }

    @Override
    public long round(Random random, KillTargets targets) throws Exception {
        HashedStream there = HashedStream.random(random, LONGEST);
        HashedStream back = HashedStream.random(random, LONGEST);
        boolean cuts = random.nextInt(8) == 0;
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                var threads = new RoundThreads(random)) {
            Future<@Nullable IOException> sentThere = threads.run(() -> sendAll(there, pair.left()));
            Future<@Nullable IOException> sentBack = threads.run(() -> sendAll(back, pair.right()));
            var arrivedThere = threads.run(() -> HashedStream.receive(pair.right()));
            var arrivedBack = threads.run(() -> HashedStream.receive(pair.left()));
            if (cuts) {
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
                pair.left().close();
                pair.right().close();
            }
            there.require(RoundThreads.result(arrivedThere), RoundThreads.result(sentThere), cuts);
            back.require(RoundThreads.result(arrivedBack), RoundThreads.result(sentBack), cuts);
            return RoundThreads.result(arrivedThere).length()
                    + RoundThreads.result(arrivedBack).length();
        }
    }

    /// Sends a stream and its end.
    static @Nullable IOException sendAll(HashedStream stream, StreamSocket into) {
        IOException failure = stream.send(into);
        try {
            into.shutdownOutput();
        } catch (IOException e) {
            return failure != null ? failure : e;
        }
        return failure;
    }
}
