package dev.dyad.socket;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// A platform thread that waits in the call that receives, as a program in C does, until a signal ends that.
///
/// It wakes sooner than one in `ppoll`, which has looked at each descriptor once more by then. A signal that comes
/// before the thread has begun to wait ends nothing. So it is sent again until the thread has left the call; and it
/// is sent to none that has. Where there is a deadline, or the kernel does not wait, this is a [PolledWaiter].
final class BlockedWaiter implements Waiter {

    private static final long SHORTEST = 20_000; // nanoseconds
    private static final long LONGEST = 5_000_000;

    private final NativeEnds ends;
    private final PolledWaiter polled;
    private int thread; // its number while it may be in the call, or zero; guarded by this
    private volatile boolean inCall; // set under this
    private boolean polling; // guarded by this
    private boolean woken; // guarded by this

    /// @param ends a connected socket whose bytes are waited for
    /// @param polled what it is where it may not block
    BlockedWaiter(NativeEnds ends, PolledWaiter polled) {
        this.ends = ends;
        this.polled = polled;
    }

    @Override
    public void await(int fd, Deadline deadline) throws IOException {
        int thread = deadline.isLimited() ? 0 : WakeSignal.thisThread();
        boolean waited = thread != 0 && block(thread, fd);
        if (!waited && polls()) {
            polled.await(fd, deadline);
        }
    }

    /// Returns whether that was a wait, or there is to be none.
    private boolean block(int number, int fd) throws IOException {
        if (!enter(number)) {
            return true;
        }
        long answer;
        try {
            answer = ends.awaitBytes(fd, polled);
        } finally {
            inCall = false; // before the lock: whoever wakes has it again and again
            leave();
        }
        return answer != Endpoint.WOULD_BLOCK;
    }

    private synchronized boolean enter(int number) {
        thread = woken ? 0 : number;
        inCall = !woken;
        return !woken;
    }

    private synchronized void leave() {
        thread = 0;
    }

    private synchronized boolean polls() {
        polling = !woken;
        return polling;
    }

    /// Returns when the thread has left the call, which takes it no longer than to wake up.
    @Override
    public void wake() {
        if (mark()) {
            polled.wake();
        }
        for (long pause = SHORTEST; signal(); pause = Math.min(2 * pause, LONGEST)) {
            rest(pause);
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

    /// Returns whether it is `ppoll` that is to end.
    private synchronized boolean mark() {
        woken = true;
        return polling;
    }

    /// Sends the signal, while the thread cannot leave; returns whether it was there.
    private synchronized boolean signal() {
        if (thread == 0 || !inCall) {
            return false;
        }
        WakeSignal.send(thread);
        return true;
    }

    @Override
    public void done() {
        polled.done();
    }
}
