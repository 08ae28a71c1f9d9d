package dev.dyad.message;

import java.nio.channels.ClosedChannelException;

/// A call needed an open channel, and the channel had ended, or ended during the call.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="closed-exception"}
public final class ChannelClosedException extends ClosedChannelException {

    private static final long serialVersionUID = 1;

    private final transient Closed closed;
    /// How the channel ended, in words.
    private final String message;

    /// Whether a part of what was to be sent had been written.
    private final boolean begun;

    ChannelClosedException(Closed closed) {
        this(closed, false);
    }

    /// @param begun whether a part of what the call was to send had been written
    ChannelClosedException(Closed closed, boolean begun) {
        this.closed = closed;
        this.begun = begun;
        message = "the channel has ended: " + closed;
        switch (closed) {
            case Closed.Broken broken -> initCause(broken.why());
            case Closed.Misbehaved misbehaved -> initCause(misbehaved.how());
            default -> {
                // says it all
            }
        }
    }

    @Override
    public String getMessage() {
        return message;
    }

    /// Returns how the channel ended.
    ///
    /// @return the same event for every call
    public Closed closed() {
        return closed;
    }

    /// Returns whether a part of what the call was to send had been written.
    ///
    /// @return `false` where the peer can have seen nothing of it
    public boolean hasBegun() {
        return begun;
    }
}
