package dev.dyad.socket.waiting;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import java.util.concurrent.locks.LockSupport;

/// A thread that looks again after 0.1 to 10 ms, for where no descriptor is left to wait with.
public final class BackoffWaiter implements Waiter {

    private static final long SHORTEST = 100_000; // nanoseconds
    private static final long LONGEST = 10_000_000;

    private final Thread thread = Thread.currentThread();
    private long pause = SHORTEST;

    /// Returns whether a wait that failed so is one that backing off gets through.
    static boolean helps(Errno errno) {
        return errno.equals(Errno.EMFILE) || errno.equals(Errno.ENFILE);
    }

    /// Returns how long the next pause is, in nanoseconds.
    long pause() {
        return pause;
    }

    @Override
    public long await(int fd, Deadline deadline, Holder holder) {
        holder.letGo();
        LockSupport.parkNanos(this, Math.min(pause, deadline.remainingNanos()));
        pause = Math.min(2 * pause, LONGEST);
        return -Errno.EAGAIN.code();
    }

    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void done() {
        // It used nothing but memory.
    }
}
