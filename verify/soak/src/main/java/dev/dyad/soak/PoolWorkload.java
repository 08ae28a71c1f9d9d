package dev.dyad.soak;

import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Wire;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;

/// A pool that several threads ask, whose workers are killed and grow old.
final class PoolWorkload implements Workload {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MOST_REQUESTS = 100; // of one thread
    private static final int LONGEST = 1 << 14;

    @Override
    public String name() {
        return "pools";
    }

    @Override
    public long round(Random random, KillTargets targets) throws Exception {
        try (Workers pool = plan(random).start();
                var threads = new RoundThreads(random);
                var target = targets.pool(pool)) {
            List<Future<Long>> callers = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                long seed = random.nextLong();
                callers.add(threads.run(() -> ask(pool, target, seed)));
            }
            long bytes = 0;
            for (Future<Long> each : callers) {
                bytes += RoundThreads.result(each);
            }
            return bytes;
        }
    }

    private static WorkerPlan plan(Random random) {
        int least = 1 + random.nextInt(2);
        WorkerPlan plan = WorkerPlan.of(ChildWorkload.echo().patience(Duration.ZERO, Duration.ZERO))
                .wire(Wire.framed())
                .exchange(Exchange.IN_TURN)
                .workers(least, least + random.nextInt(2));
        return random.nextBoolean() ? plan.recycleAfter(10 + random.nextInt(40)) : plan;
    }

    /// A request fails only where a worker was killed, and is never late.
    private static long ask(Workers pool, KillTargets.Target target, long seed) throws RequestFailedException {
        var random = new Random(seed);
        long bytes = 0;
        for (int i = random.nextInt(MOST_REQUESTS); i > 0; i--) {
            ByteBuffer request = SeededBytes.message(random.nextLong(), random.nextInt(LONGEST));
            try {
                ByteBuffer answer = pool.call(request.duplicate(), Deadline.after(PATIENCE));
                if (!answer.equals(request)) {
                    throw new AssertionError("a request of %d bytes got another's answer".formatted(request.limit()));
                }
                bytes += request.remaining();
            } catch (RequestFailedException e) {
                if (!target.wasTargeted() || !mayBeOfAKill(e)) {
                    throw e;
                }
            }
        }
        return bytes;
    }

    /// Returns whether a killed worker may explain it: none does that a request hangs.
    static boolean mayBeOfAKill(RequestFailedException e) {
        return e.why() != Why.EXPIRED_WAITING && e.why() != Why.EXPIRED_RUNNING;
    }
}
