package dev.dyad.worker;

import dev.dyad.message.RequestFailedException;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.LibraryThreads;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/// Requests whose askers do not wait, each on a virtual thread of its own.
final class SubmittedRequests {

    private final Set<CompletableFuture<ByteBuffer>> notDone = ConcurrentHashMap.newKeySet();
    private final BiFunction<String, Runnable, Thread> threads;

    SubmittedRequests() {
        this(LibraryThreads::unstartedVirtual);
    }

    /// @param threads returns a thread of a name that has not been started
    SubmittedRequests(BiFunction<String, Runnable, Thread> threads) {
        this.threads = threads;
    }

    /// Waits for an answer.
    @FunctionalInterface
    interface Asking {
        ByteBuffer ask() throws RequestFailedException;
    }

    /// Adds one, which [#start] or [#fail] is to follow.
    CompletableFuture<ByteBuffer> add() {
        var answer = new CompletableFuture<ByteBuffer>();
        notDone.add(answer);
        return answer;
    }

    /// Asks on a thread that is interrupted when the future is cancelled. That is the last to be started: where this
    /// throws, nobody asks.
    ///
    /// @throws OutOfMemoryError if there is no thread, or no memory for it
    void start(CompletableFuture<ByteBuffer> answer, Asking asking) {
        Thread thread = threads.apply("dyad-request", () -> {
            try {
                ByteBuffer come = asking.ask();
                end(answer, () -> answer.complete(come));
            } catch (RequestFailedException | RuntimeException | Error e) {
                fail(answer, e);
            }
        });
        var _ = answer.whenComplete((_, _) -> {
            if (answer.isCancelled()) {
                thread.interrupt();
            }
        });
        thread.start();
    }

    /// Ends one that has no answer.
    void fail(CompletableFuture<ByteBuffer> answer, Throwable why) {
        end(answer, () -> answer.completeExceptionally(why));
    }

    @SuppressWarnings("UndefinedEquals") // the same future
    private void end(CompletableFuture<ByteBuffer> answer, Runnable completion) {
        try {
            completion.run();
        } finally {
            notDone.remove(answer);
        }
    }

    /// Waits until each that was added before is done. What users have attached to one may still run, as this
    /// may be called by that.
    ///
    /// @throws SocketTimeoutException if the deadline has passed before
    void awaitDone(Deadline deadline) throws SocketTimeoutException, InterruptedException {
        for (CompletableFuture<ByteBuffer> answer : notDone) {
            try {
                var _ = DeadlineWaits.get(answer, deadline);
            } catch (ExecutionException | CancellationException e) {
                // the asker is told
            } catch (TimeoutException e) {
                throw new SocketTimeoutException("drain: the deadline has passed");
            }
        }
    }

    /// Waits as [#awaitDone(Deadline)], however long it takes and however this thread is interrupted.
    void awaitDone() {
        boolean wasInterrupted = false;
        boolean areDone = false;
        while (!areDone) {
            try {
                awaitDone(Deadline.never());
                areDone = true;
            } catch (InterruptedException e) {
                wasInterrupted = true;
            } catch (SocketTimeoutException e) {
                throw new AssertionError(e); // never
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
