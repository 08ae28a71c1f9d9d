package dev.dyad.soak;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The threads of one round, virtual or not as it happens; the round is not over before they are.
final class RoundThreads implements AutoCloseable {

    private static final int PATIENCE = 120; // seconds, on a machine that has other things to do

    private final ExecutorService threads;

    RoundThreads(Random random) {
        threads = Executors.newThreadPerTaskExecutor(
                random.nextBoolean()
                        ? Thread.ofVirtual().factory()
                        : Thread.ofPlatform().name("soak ", 0).factory());
    }

    <T> Future<T> run(Callable<T> task) {
        return threads.submit(task);
    }

    /// @throws AssertionError if it hangs
    static <T> T result(Future<T> task) throws InterruptedException, ExecutionException {
        try {
            return task.get(PATIENCE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("hangs for %d s".formatted(PATIENCE), e);
        }
    }

    /// Interrupts those that still run, which is none unless something went wrong.
    ///
    /// @throws AssertionError if one goes on all the same
    @Override
    public void close() {
        close(PATIENCE);
    }

    /// @param patience seconds
    void close(int patience) {
        List<Runnable> _ = threads.shutdownNow(); // each has a thread, and has begun
        try {
            if (!threads.awaitTermination(patience, TimeUnit.SECONDS)) {
                throw new AssertionError("a thread does not end when it is interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while threads ended", e);
        }
    }
}
