package dev.dyad.socket.waiting;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A virtual thread that is parked until the poller's thread has news of its end.
public final class ParkedWaiter implements Waiter, EventLoop.Watcher {

    private final Thread thread = Thread.currentThread();
    private final EventLoop poller;
    private volatile int fd; // -1 once it is another's
    private volatile boolean woken;
    private volatile @Nullable Throwable failure; // set before it is woken

    /// @param poller what waits, in use until [#done]
    ParkedWaiter(EventLoop poller) {
        this.poller = poller;
    }

    /// Returns as well where this thread is interrupted: it could not be parked.
    @Override
    public int fd() {
        return fd;
    }

    @Override
    public long await(int number, Deadline deadline, Holder holder) throws IOException {
        fd = number;
        long key = poller.watch(this);
        try {
            holder.letGo();
            while (!woken && !deadline.hasPassed() && !thread.isInterrupted()) {
                if (deadline.isLimited()) {
                    LockSupport.parkNanos(this, deadline.remainingNanos());
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            poller.drop(key);
        }
        woken = false;
        throwFailure();
        return -Errno.EAGAIN.code();
    }

    /// Says that the number is closed: the poller is to ask for it no more.
    public void forget() {
        fd = -1;
    }

    private void throwFailure() throws IOException {
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IOException(thrown);
        }
    }

    @Override
    public void ready() {
        wake();
    }

    @Override
    public void failed(Throwable why) {
        failure = why;
        wake();
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void done() {
        poller.release();
    }
}
