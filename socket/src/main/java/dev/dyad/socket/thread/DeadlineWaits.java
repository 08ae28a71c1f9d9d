package dev.dyad.socket.thread;

import dev.dyad.socket.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Waits until a deadline for what other threads do. Each looks again often enough to see a deadline that is moved.
public final class DeadlineWaits {

    private DeadlineWaits() {}

    /// Parks this thread until it is unparked or interrupted, or for as long as the deadline need not be looked at;
    /// or for no reason, so that the caller looks at what it waits for.
    ///
    /// @param blocker what it waits for, as of [LockSupport#park(Object)]
    /// @param deadline until when the caller waits
    public static void park(Object blocker, Deadline deadline) {
        long nanos = deadline.nanosToNextLook();
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /// Waits for what a future will be.
    ///
    /// @param future the future
    /// @param deadline until when to wait
    /// @return what it was completed with
    /// @throws TimeoutException if the deadline has passed
    /// @throws ExecutionException if it has failed
    /// @throws InterruptedException if this thread is interrupted
    public static <T extends @Nullable Object> T get(CompletableFuture<T> future, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long nanos = deadline.nanosToNextLook();
            if (nanos == Long.MAX_VALUE) {
                return future.get();
            }
            try {
                return future.get(nanos, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (deadline.hasPassed()) {
                    throw e;
                }
            }
        }
    }

    /// Waits until a future is done or the deadline has passed. In a thread that is interrupted it waits no longer, and
    /// keeps the interrupt.
    ///
    /// @param future the future
    /// @param deadline until when to wait
    /// @return whether it is done, also by a failure
    public static boolean isDoneBy(CompletableFuture<?> future, Deadline deadline) {
        try {
            var _ = get(future, deadline);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return future.isDone();
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /// Does something once a deadline has passed, unless a future is done by then.
    ///
    /// @param deadline the deadline
    /// @param future what makes it needless
    /// @param action what to do, which must not take long
    public static void whenPassed(Deadline deadline, CompletableFuture<?> future, Runnable action) {
        if (deadline.nanosToNextLook() == Long.MAX_VALUE) {
            return;
        }
        var timer = new Timer(deadline, action);
        var _ = future.whenComplete((_, _) -> timer.stop());
        timer.run();
    }

    /// Looks at a deadline from time to time, until it has passed.
    private static final class Timer implements Runnable {

        private final Deadline deadline;
        private final Runnable action;
        private volatile boolean isStopped;
        private volatile CompletableFuture<?> look = CompletableFuture.completedFuture(null);

        Timer(Deadline deadline, Runnable action) {
            this.deadline = deadline;
            this.action = action;
        }

        @Override
        public void run() {
            if (isStopped) {
                return;
            }
            if (deadline.hasPassed()) {
                action.run();
                return;
            }
            var next = new CompletableFuture<Void>()
                    .completeOnTimeout(null, deadline.nanosToNextLook(), TimeUnit.NANOSECONDS);
            look = next;
            var _ = next.thenRun(this);
            if (isStopped) { // before it was known what to stop
                next.cancel(false);
            }
        }

        void stop() {
            isStopped = true;
            look.cancel(false);
        }
    }
}
