package dev.dyad.socket;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// A virtual thread that is parked until the poller's thread has news of its end.
final class ParkedWaiter implements Waiter {

    private final Thread thread = Thread.currentThread();
    private final Poller poller;
    private volatile boolean woken;

    ParkedWaiter(Poller poller) {
        this.poller = poller;
    }

    /// Returns as well where this thread is interrupted: it could not be parked.
    @Override
    public void await(int fd, Deadline deadline) throws IOException {
        poller.register(fd, this);
        try {
            while (!woken && !deadline.hasPassed() && !thread.isInterrupted()) {
                if (deadline.isLimited()) {
                    LockSupport.parkNanos(this, deadline.remainingNanos());
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            poller.unregister(fd, this);
        }
        woken = false;
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void done() {
        // It used nothing but memory.
    }
}
