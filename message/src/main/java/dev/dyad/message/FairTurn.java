package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// A lock with deadlines, given in the order in which threads ask for it. [#leave] is called by the thread that has it.
///
/// A fair semaphore does the same, but looks through its whole line for each thread that leaves it early: too long
/// where tens of thousands have the same deadline.
final class FairTurn {

    private final ReentrantLock lock = new ReentrantLock();
    private final String call;

    // Under the lock.
    private final LinkedHashSet<Waiter> line = new LinkedHashSet<>(0);
    private boolean isTaken;

    /// @param call what it is for, in messages
    FairTurn(String call) {
        this.call = call;
    }

    /// A thread in line.
    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        boolean hasTurn; // under the lock
    }

    /// Takes the turn; [#leave] must follow.
    ///
    /// @param deadline until when to wait. A lock that is free is taken even if this has passed or the thread is
    ///     interrupted: the caller checks both
    /// @throws SocketTimeoutException if the deadline has passed
    /// @throws InterruptedIOException if the thread is interrupted while it waits, and stays so
    void enter(Deadline deadline) throws InterruptedIOException {
        Waiter waiter;
        lock.lock();
        try {
            if (!isTaken) {
                isTaken = true;
                return;
            }
            waiter = new Waiter();
            line.add(waiter);
        } finally {
            lock.unlock();
        }
        await(waiter, deadline);
    }

    private void await(Waiter waiter, Deadline deadline) throws InterruptedIOException {
        while (true) {
            boolean isInterrupted = Thread.currentThread().isInterrupted();
            boolean isOver = isInterrupted || deadline.hasPassed();
            lock.lock();
            try {
                if (waiter.hasTurn) {
                    return;
                }
                if (isOver) {
                    line.remove(waiter);
                    throw isInterrupted ? Turn.interrupted(call) : Turn.late(call);
                }
            } finally {
                lock.unlock();
            }
            park(waiter, deadline);
        }
    }

    private void park(Waiter waiter, Deadline deadline) {
        try {
            DeadlineWaits.park(this, deadline);
        } catch (VirtualMachineError e) { // a virtual thread may need another one to be woken at a time
            lock.lock();
            try {
                if (!waiter.hasTurn) {
                    line.remove(waiter);
                    throw e;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Gives the turn to the first in line.
    void leave() {
        lock.lock();
        try {
            isTaken = !line.isEmpty();
            if (isTaken) {
                Waiter next = line.removeFirst();
                next.hasTurn = true;
                LockSupport.unpark(next.thread);
            }
        } finally {
            lock.unlock();
        }
    }
}
