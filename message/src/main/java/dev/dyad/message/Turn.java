package dev.dyad.message;

import dev.dyad.socket.Deadline;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one has at a time: a thread, or a message that is still to be read, which may outlive the call
/// of its thread.
final class Turn {

    private static final int EVERYBODY = 1 << 30;

    private final Semaphore free = new Semaphore(1);
    private final String call;

    /// @param call what it is for, in messages
    Turn(String call) {
        this.call = call;
    }

    /// Takes the turn; [#leave] must follow.
    ///
    /// @param deadline until when to wait, or `null` not to wait
    /// @return whether it was taken: it was, if there is a deadline
    /// @throws SocketTimeoutException if the deadline has passed
    /// @throws InterruptedIOException if the thread is interrupted while it waits, and stays so
    boolean enter(@Nullable Deadline deadline) throws InterruptedIOException {
        if (free.tryAcquire()) { // which overtakes threads that wait
            return true;
        }
        if (deadline == null) {
            return false;
        }
        try {
            while (!free.tryAcquire(deadline.nanosToNextLook(), TimeUnit.NANOSECONDS)) {
                if (deadline.hasPassed()) {
                    throw late(call);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(call);
        }
    }

    /// Returns the exception of a wait that ended early, told as of the call that the user made; the other is its
    /// cause.
    static InterruptedIOException endedEarly(String call, InterruptedIOException early) {
        InterruptedIOException told = early instanceof SocketTimeoutException ? late(call) : interrupted(call);
        told.initCause(early);
        return told;
    }

    static SocketTimeoutException late(String call) {
        return new SocketTimeoutException(call + ": the deadline has passed");
    }

    static InterruptedIOException interrupted(String call) {
        return new InterruptedIOException(call + ": the thread was interrupted");
    }

    void leave() {
        free.release();
    }

    /// Lets everybody have it at the same time, for the rest of its days.
    void open() {
        free.release(EVERYBODY);
    }
}
