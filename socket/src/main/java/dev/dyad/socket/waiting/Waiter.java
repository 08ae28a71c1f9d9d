package dev.dyad.socket.waiting;

import dev.dyad.socket.Deadline;
import java.io.IOException;

/// One thread that waits for one direction of one end.
public sealed interface Waiter
        permits BlockingWaiter, PpollWaiter, QueueWaiter, ParkedWaiter, BackoffWaiter, LatchWaiter {

    /// Who has acquired the descriptor for a thread that waits.
    @FunctionalInterface
    interface Holder {
        /// Lets the descriptor go.
        void letGo();
    }

    /// Returns when the direction may be ready, when [#wake] was called, when the time is up, or for no reason.
    ///
    /// A thread that is parked needs the number no more. It lets the descriptor go: who closes that meanwhile
    /// need not wait until there is a carrier for the thread.
    ///
    /// @param holder who holds it
    /// @return what it has brought along for the attempt, which is complete then, or `-errno`; `-EAGAIN` to try
    ///     again
    long await(int fd, Deadline deadline, Holder holder) throws IOException;

    /// Ends the wait, from any thread; does nothing when it is over.
    void wake();

    /// Gives back what the wait used.
    void done();
}
