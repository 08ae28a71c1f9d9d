package dev.dyad.process.exit;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Waits for a future until a [Deadline].
final class FutureWait {

    /// So long one waits at a time for a deadline that may be moved.
    private static final Duration GLANCE = Duration.ofMillis(10);

    private FutureWait() {}

    /// Waits in pieces for a deadline that may be moved meanwhile.
    ///
    /// @return what it is completed with
    static <T extends @Nullable Object> T await(CompletableFuture<T> future, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        long piece = deadline instanceof MovableDeadline ? GLANCE.toNanos() : Long.MAX_VALUE;
        while (true) {
            try {
                return future.get(Math.min(deadline.remainingNanos(), piece), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (deadline.hasPassed()) {
                    throw late;
                }
            }
        }
    }

    /// Waits a little, and not at all in a thread that is interrupted.
    ///
    /// @return whether it is completed, with whatever
    static boolean isDoneBy(CompletableFuture<?> future, Deadline deadline) {
        try {
            future.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return future.isDone();
        } catch (ExecutionException e) {
            return true; // as where somebody else took its exit
        } catch (TimeoutException e) {
            return false;
        }
    }
}
