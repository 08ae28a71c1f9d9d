package dev.dyad.contract;

import dev.dyad.harness.Await;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.SocketSelector;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/// A call on a thread of its own.
///
/// @param <T> what the call answers
public final class Waiting<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FutureTask<T> task;
    private final Thread thread;

    private Waiting(ThreadFactory threads, Callable<T> call) {
        task = new FutureTask<>(call);
        thread = threads.newThread(task);
        thread.start();
    }

    /// Starts a call and returns at once.
    public static <T> Waiting<T> start(ThreadFactory threads, Callable<T> call) {
        return new Waiting<>(threads, call);
    }

    /// Starts a call and returns once `end` counts it among its waiters.
    ///
    /// Not the thread's state: a platform thread that waits in a system call is `RUNNABLE`.
    public static <T> Waiting<T> on(Endpoint end, ThreadFactory threads, Callable<T> call) {
        return on(end::waiters, threads, call);
    }

    /// Starts a call and returns once `selector` counts it among its waiters.
    public static <T> Waiting<T> on(SocketSelector selector, ThreadFactory threads, Callable<T> call) {
        return on(selector::waiters, threads, call);
    }

    private static <T> Waiting<T> on(IntSupplier waiters, ThreadFactory threads, Callable<T> call) {
        int before = waiters.getAsInt();
        var waiting = new Waiting<>(threads, call);
        Await.until(() -> waiters.getAsInt() > before || waiting.task.isDone(), PATIENCE);
        return waiting;
    }

    /// Starts a call that takes its turn behind another in the same direction, and returns once it is in line.
    public static <T> Waiting<T> inLine(ThreadFactory threads, Callable<T> call) {
        var waiting = new Waiting<>(threads, call);
        Await.until(
                () -> switch (waiting.thread.getState()) {
                    case WAITING, TIMED_WAITING -> true;
                    default -> waiting.task.isDone();
                },
                PATIENCE);
        return waiting;
    }

    /// Starts a call on a channel of the JDK, which counts no waiters, and returns once it waits there: a
    /// virtual thread is parked, and a platform thread is in a system call.
    public static <T> Waiting<T> inJdk(ThreadFactory threads, Callable<T> call) {
        var waiting = new Waiting<>(threads, call);
        Await.until(() -> waiting.task.isDone() || waits(waiting.thread), PATIENCE);
        return waiting;
    }

    private static boolean waits(Thread thread) {
        if (thread.isVirtual()) {
            return thread.getState() == Thread.State.WAITING;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getClassName().startsWith("sun.nio.ch.");
    }

    /// Interrupts the thread of the call.
    public void interrupt() {
        thread.interrupt();
    }

    /// Returns whether the call is over.
    public boolean isDone() {
        return task.isDone();
    }

    /// Returns what the call answered.
    ///
    /// @throws Exception what it threw
    public T get() throws Exception {
        try {
            T answer = task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            thread.join();
            return answer;
        } catch (ExecutionException e) {
            thread.join();
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new AssertionError("still waiting after " + PATIENCE, e);
        }
    }
}
