package dev.dyad.socket.waiting;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import java.util.concurrent.locks.LockSupport;

/// A thread that is parked until another one wakes it, which has done something for it.
///
/// A wake that comes before the wait is kept for it.
public final class LatchWaiter implements Waiter {

    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    /// Returns as well where this thread is interrupted: it could not be parked.
    @Override
    public long await(int fd, Deadline deadline, Holder holder) {
        holder.letGo();
        await(deadline);
        return -Errno.EAGAIN.code();
    }

    public void await(Deadline deadline) {
        while (!woken && !deadline.hasPassed() && !thread.isInterrupted()) {
            if (deadline.isLimited()) {
                LockSupport.parkNanos(this, deadline.remainingNanos());
            } else {
                LockSupport.park(this);
            }
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
