package dev.dyad.message;

import dev.dyad.harness.Await;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;

/// A call on a thread of its own.
///
/// @param <T> what the call answers
@NullUnmarked // what is not there fails the test
final class Call<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FutureTask<T> task;
    private final Thread thread;

    private Call(ThreadFactory threads, Callable<T> call) {
        task = new FutureTask<>(call);
        thread = threads.newThread(task);
        thread.start();
    }

    static <T> Call<T> start(ThreadFactory threads, Callable<T> call) {
        return new Call<>(threads, call);
    }

    /// Starts a call, and returns once it waits, as `waits` tells.
    static <T> Call<T> waiting(ThreadFactory threads, BooleanSupplier waits, Callable<T> call) {
        var started = new Call<>(threads, call);
        Await.until(() -> waits.getAsBoolean() || started.task.isDone(), PATIENCE);
        return started;
    }

    /// Starts a call, and returns once its thread is parked, as one that waits for its turn.
    static <T> Call<T> parked(ThreadFactory threads, Callable<T> call) {
        var started = new Call<>(threads, call);
        Await.until(() -> started.isParked() || started.task.isDone(), PATIENCE);
        return started;
    }

    boolean isParked() {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            default -> false;
        };
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return task.isDone();
    }

    /// Returns what it answers, or throws what it threw.
    T get() throws Exception {
        try {
            return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw new AssertionError(e);
            }
        } catch (TimeoutException e) {
            var stuck = new AssertionError("the call does not return");
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        }
    }
}
