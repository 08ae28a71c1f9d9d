package dev.dyad.harness;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waiting for a state that nothing tells of.
public final class Await {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    /// Returns once `condition` holds, which is looked at about every millisecond.
    ///
    /// @throws AssertionError if it does not within `limit`
    public static void until(BooleanSupplier condition, Duration limit) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("what was awaited did not come about within " + limit);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    /// Lets at least 20 ms pass, for a test that then compares what was measured with it.
    ///
    /// @return how long that was
    public static Duration pause() {
        long start = System.nanoTime();
        until(() -> System.nanoTime() - start >= 20 * PAUSE, Duration.ofMinutes(1));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Returns once the latch is at zero, or this thread is interrupted, which it stays: for a body that cannot throw.
    public static void latch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
