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
    public long round(Random random, Victims victims) throws Exception {
        HashedStream there = HashedStream.random(random, LONGEST);
        HashedStream back = HashedStream.random(random, LONGEST);
        boolean cuts = random.nextInt(8) == 0;
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                var crew = new Crew(random)) {
            Future<@Nullable IOException> sentThere = crew.run(() -> sendAll(there, pair.left()));
            Future<@Nullable IOException> sentBack = crew.run(() -> sendAll(back, pair.right()));
            var arrivedThere = crew.run(() -> HashedStream.receive(pair.right()));
            var arrivedBack = crew.run(() -> HashedStream.receive(pair.left()));
            if (cuts) {
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
                pair.left().close();
                pair.right().close();
            }
            there.require(Crew.result(arrivedThere), Crew.result(sentThere), cuts);
            back.require(Crew.result(arrivedBack), Crew.result(sentBack), cuts);
            return Crew.result(arrivedThere).length() + Crew.result(arrivedBack).length();
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
