package dev.dyad.harness;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Virtual threads that keep all carriers, so that no other one goes on until this is closed.
public final class BusyCarriers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private volatile boolean over;

    /// Takes all carriers, and returns once it has them.
    public BusyCarriers() {
        int count = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        var running = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Thread _ = Thread.startVirtualThread(() -> stay(running));
        }
        Await.until(() -> running.getCount() == 0, PATIENCE);
    }

    /// No thread yields, so that each has a carrier to itself.
    private void stay(CountDownLatch running) {
        running.countDown();
        while (!over) {
            Thread.onSpinWait();
        }
    }

    /// Lets the others go on.
    public void release() {
        over = true;
    }

    @Override
    public void close() {
        release();
    }
}
