package dev.dyad.socket.waiting;

import java.util.concurrent.locks.LockSupport;

/// A system call in which a platform thread waits, and which another thread ends by [WakeSignal].
///
/// A signal that comes before the thread is in the kernel ends nothing. So it is sent again until the thread
/// has left, and to no thread that has: the sender holds the lock that the thread needs to leave. A
/// thread may not leave at all, as it holds the signal back by now, or is suspended by a debugger. Nobody waits
/// for that one longer than some [#MOMENT]; a [SignalSender] goes on.
public final class SignalledCall {

    private static final long SHORTEST = 20_000; // nanoseconds
    private static final long MOMENT = 1_000_000;

    private final int thread;
    private volatile boolean inside; // set under this
    private boolean ended; // guarded by this

    /// @param thread the number of the thread that will make the call
    public SignalledCall(int thread) {
        this.thread = thread;
    }

    /// Says that the thread makes the call now; [#leave] must follow.
    ///
    /// @return whether it may, as nobody has ended it
    public synchronized boolean enter() {
        inside = !ended;
        return inside;
    }

    /// Says that the thread has left the call; returns when no signal is on its way to it.
    public void leave() {
        inside = false; // before the lock: the thread that ends this takes it again and again
        synchronized (this) {
            assert !inside;
        }
    }

    /// Ends the call, or has it ended, and returns when the thread has left it or after a moment.
    ///
    /// @return whether the thread has left
    public boolean end() {
        mark();
        for (long pause = SHORTEST; signal(); pause *= 2) {
            if (pause > MOMENT) {
                SignalSender.goOn(this);
                return false;
            }
            rest(pause);
        }
        return true;
    }

    private synchronized void mark() {
        ended = true;
    }

    /// Sends the signal, while the thread cannot leave.
    ///
    /// @return whether it was in the call
    synchronized boolean signal() {
        if (inside) {
            WakeSignal.send(thread);
        }
        return inside;
    }

    /// Runs `action` if the thread is in the call, which it does not leave meanwhile.
    synchronized void ifInside(Runnable action) {
        if (inside) {
            action.run();
        }
    }

    /// Rests for so long even where this thread is interrupted, so that it cannot park: signals would pile up.
    private void rest(long nanos) {
        long start = System.nanoTime();
        LockSupport.parkNanos(this, nanos);
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }
}
