package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.thread.LibraryThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Takes the answer to a long request on a thread of its own where there is no room to send all of it: otherwise both
/// would block, a worker that answers before it has read the rest on its answer, and this side on the request.
final class EarlyAnswer<T> {

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final RequestsInTurn.Asking<T> taking;
    private final Thread sender = Thread.currentThread();

    @Nullable
    Thread thread; // that takes the answer; null before that, and where there is none

    private boolean isSending = true; // under this
    private boolean endsSending; // under this: the sender was interrupted, as nobody would take the answer

    /// @param taking waits for the answer, until a deadline or an interrupt
    EarlyAnswer(RequestsInTurn.Asking<T> taking) {
        this.taking = taking;
    }

    /// Begins to wait for it.
    void start() {
        try {
            thread = LibraryThreads.startVirtual("dyad-answer", this::take);
        } catch (OutOfMemoryError noThread) {
            // then it is taken once the request is sent
        }
    }

    private void take() {
        try {
            answer.complete(taking.ask());
        } catch (RequestFailedException | RuntimeException | Error e) {
            answer.completeExceptionally(e);
            if (leavesNoRoom(e)) {
                endSending();
            }
        }
    }

    /// Returns whether a failure is the other side's answer, which may still read the request.
    private static boolean isAnswer(Throwable e) {
        return e instanceof RequestFailedException failed && failed.why() == Why.ANSWERED_ERROR;
    }

    /// Returns whether a failure is none that the sender meets as well: it has the same deadline, and knows what this
    /// side has ended.
    private static boolean leavesNoRoom(Throwable e) {
        return !(e instanceof RequestFailedException failed)
                || failed.why() == Why.FAILED_HERE
                || (failed.why() == Why.CHANNEL_ENDED && !(failed.closed().orElse(null) instanceof Closed.Here));
    }

    /// Has the sender not wait for room: what would make some, a taken answer, will not be. One that was interrupted
    /// by somebody else does not wait.
    private synchronized void endSending() {
        if (isSending && !sender.isInterrupted()) {
            endsSending = true;
            sender.interrupt();
        }
    }

    /// Is told by the sender that it sends no more.
    ///
    /// @return whether that is because the answer could not be taken
    synchronized boolean isUntakable() {
        isSending = false;
        return endsSending && Thread.interrupted();
    }

    boolean isStarted() {
        return thread != null;
    }

    /// Ends the wait for it, which has ended when this returns. Once it is started.
    ///
    /// @return whether it had come, or that the other side had failed
    boolean stop() {
        Thread taker = requireNonNull(thread);
        taker.interrupt();
        boolean wasInterrupted = false;
        while (!answer.isDone()) {
            try {
                taker.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return !answer.isCompletedExceptionally() || isAnswer(answer.exceptionNow());
    }

    /// Returns the answer where it has come, though the request could not be sent to its end. Once it is started.
    ///
    /// @param notSent why not, which is thrown where none has come, and nothing that says that it has not run
    T orElseThrow(RequestFailedException notSent) throws RequestFailedException {
        boolean _ = stop();
        try {
            return get();
        } catch (RequestFailedException failed) {
            throw saysMore(failed) ? failed : notSent;
        }
    }

    /// Returns whether a failure of the answer says more than that its request was not sent to its end.
    static boolean saysMore(RequestFailedException failed) {
        return isAnswer(failed) || !failed.mayHaveRun();
    }

    /// Waits for the answer, once it is started. An interrupt of this thread ends the wait of the other one.
    T get() throws RequestFailedException {
        boolean wasInterrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                    requireNonNull(thread).interrupt();
                }
            }
        } catch (ExecutionException e) {
            switch (requireNonNull(e.getCause())) {
                case RequestFailedException failed -> throw failed;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                default -> throw new AssertionError(e);
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
