package dev.dyad.socket;

import java.io.IOException;

/// One thread that waits for one direction of one end.
sealed interface Waiter permits BlockedWaiter, PolledWaiter, ParkedWaiter, BackoffWaiter, SignalWaiter {

    /// Returns when the direction may be ready, when [#wake] was called, when the time is up, or for no reason.
    void await(int fd, Deadline deadline) throws IOException;

    /// Ends the wait, from any thread; does nothing when it is over.
    void wake();

    /// Gives back what the wait used.
    void done();
}
