package dev.dyad.message;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request has no answer. It says why, and whether the request may have run.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="failed"}
public final class RequestFailedException extends IOException {

    private static final long serialVersionUID = 1;

    /// Why there is no answer.
    private final Why why;

    /// Whether the other side may have begun.
    private final boolean mayHaveRun;

    /// What has happened.
    private final String reason;

    private final transient @Nullable Closed closed;

    /// Why a request has no answer.
    public enum Why {
        /// It was not taken: because [Requests#drain] or [Requests#close] was called or the JVM ends, because
        /// too many wait, or because it is longer than a packet can be.
        REFUSED,
        /// Its deadline passed before it was sent.
        EXPIRED_WAITING,
        /// Its deadline passed before its answer came.
        EXPIRED_RUNNING,
        /// The thread that waits was interrupted, or the future was cancelled.
        CANCELLED,
        /// This side could not go on with it, as without memory or a thread: the cause is the error that says what
        /// it lacked.
        FAILED_HERE,
        /// The channel ended: see [#closed].
        CHANNEL_ENDED,
        /// The other side answered that it failed: the message says how.
        ANSWERED_ERROR,
        /// There is nobody to ask: every worker of a pool fails.
        NO_WORKERS
    }

    /// Makes one, for what asks others to answer.
    ///
    /// @param why why there is no answer
    /// @param mayHaveRun whether the other side may have begun
    /// @param message what has happened, to which this is added
    /// @param cause what made it so, or `null`
    public RequestFailedException(Why why, boolean mayHaveRun, String message, @Nullable Throwable cause) {
        super(message + (mayHaveRun ? "; it may have run" : "; it has not run"), cause);
        this.why = why;
        this.mayHaveRun = mayHaveRun;
        reason = message;
        closed = switch (cause) {
            case ChannelClosedException ended -> ended.closed();
            case RequestFailedException failed when why == Why.CHANNEL_ENDED -> failed.closed;
            case null, default -> null;
        };
    }

    /// One that a call fails with, which takes one answer.
    static RequestFailedException answeredInParts() {
        return new RequestFailedException(
                Why.ANSWERED_ERROR, true, "the answer comes in parts, which one asks for by stream", null);
    }

    /// One with which this side could not go on.
    static RequestFailedException here(boolean mayHaveRun, VirtualMachineError lacking) {
        return new RequestFailedException(Why.FAILED_HERE, mayHaveRun, "this side failed: " + lacking, lacking);
    }

    RequestFailedException(Closed closed, boolean mayHaveRun) {
        super("the channel has ended: " + closed + (mayHaveRun ? "; it may have run" : "; it has not run"));
        why = Why.CHANNEL_ENDED;
        reason = "the channel has ended: " + closed;
        this.mayHaveRun = mayHaveRun;
        this.closed = closed;
    }

    /// The same, as thrown to another thread.
    RequestFailedException(RequestFailedException failed) {
        super(failed.getMessage(), failed);
        why = failed.why;
        mayHaveRun = failed.mayHaveRun;
        reason = failed.reason;
        closed = failed.closed;
    }

    /// Returns what has happened, without what is added about whether it may have run.
    ///
    /// @return the message that it was made with
    public String reason() {
        return reason;
    }

    /// Returns why.
    ///
    /// @return the reason
    public Why why() {
        return why;
    }

    /// Returns whether the other side may have begun with it: `false` only where no byte of it was written, or
    /// where a worker [has asked to be replaced][Closed.AskedToStop] instead of running it, so that it can be
    /// asked again anywhere.
    ///
    /// @return whether it may have run
    public boolean mayHaveRun() {
        return mayHaveRun;
    }

    /// Returns how the channel ended, where that is why.
    ///
    /// @return the event
    public Optional<Closed> closed() {
        return Optional.ofNullable(closed);
    }
}
