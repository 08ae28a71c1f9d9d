package dev.dyad.message;

import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.socket.Deadline;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Requests that were taken and have not ended. Once it is shut, no more are taken, and all that were go on.
final class TakenRequests {

    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger(); // of those, whose asker is about to be told
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean isShut;

    /// Takes a request, which [#end] ends.
    void take() throws RequestFailedException {
        number.incrementAndGet();
        if (isShut) { // after it was counted: a drain waits for it, or it is refused
            end();
            throw new RequestFailedException(Why.REFUSED, false, "no more requests are taken", null);
        }
    }

    void end() {
        if (number.decrementAndGet() == 0 && isShut) {
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Counts a request no more as under way, of which [#end] follows when its asker has been told.
    void answered() {
        answered.incrementAndGet();
    }

    /// Ends one that [#answered] was called for.
    void endAnswered() {
        end();
        answered.decrementAndGet();
    }

    /// Returns how many are under way.
    int number() {
        return Math.max(number.get() - answered.get(), 0);
    }

    void shut() {
        isShut = true;
    }

    /// Shuts it, and waits until there is none.
    void drain(Deadline deadline) throws InterruptedIOException {
        shut();
        lock.lock();
        try {
            while (number.get() > 0) {
                if (deadline.hasPassed()) {
                    throw new SocketTimeoutException("drain: the deadline has passed, " + number.get() + " under way");
                }
                boolean _ = none.await(deadline.nanosToNextLook(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("drain: the thread was interrupted");
        } finally {
            lock.unlock();
        }
    }
}
