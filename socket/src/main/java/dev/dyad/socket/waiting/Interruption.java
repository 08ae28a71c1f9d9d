package dev.dyad.socket.waiting;

import java.io.IOException;

/// How a thread that waits learns of its interrupt, which the JDK tells to interruptible channels only.
public interface Interruption {

    /// Begins, or begins anew, to be told of an interrupt of this thread; [#ends] must follow.
    ///
    /// @param interrupts what that is to do
    void begins(Interrupts interrupts);

    /// Ends that.
    ///
    /// @param completed whether the call has an answer that is no error
    /// @throws java.nio.channels.AsynchronousCloseException if it has none since the channel was closed
    ///     meanwhile
    /// @throws java.nio.channels.ClosedByInterruptException if this thread has closed it, being interrupted
    void ends(boolean completed) throws IOException;
}
