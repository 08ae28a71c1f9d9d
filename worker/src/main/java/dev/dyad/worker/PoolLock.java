package dev.dyad.worker;

import dev.dyad.socket.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one lock of a pool, and the wait for a change of what it guards.
final class PoolLock implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Takes the lock, which [#close] gives back.
    PoolLock hold() {
        lock.lock();
        return this;
    }

    @Override
    public void close() {
        lock.unlock();
    }

    /// Wakes all threads that wait, which look again.
    void changed() {
        changed.signalAll();
    }

    /// Waits for a change, or some of the time until a deadline.
    ///
    /// @return false if it has passed
    @SuppressWarnings("WaitNotInLoop") // the callers look again
    boolean awaitChange(Deadline deadline) throws InterruptedException {
        if (deadline.hasPassed()) {
            return false;
        }
        boolean _ = changed.await(deadline.nanosToNextLook(), TimeUnit.NANOSECONDS);
        return true;
    }

    /// Waits for a change, or so long, in a thread that is no user's.
    @SuppressWarnings("WaitNotInLoop") // the callers look again
    void rest(long nanos) {
        try {
            boolean _ = changed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // nobody has this thread to interrupt it
        }
    }
}
