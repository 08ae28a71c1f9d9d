package dev.dyad.socket;

import dev.dyad.posix.Platform;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A platform thread that waits in the call that receives, as a program in C does, until a signal ends that.
///
/// It wakes sooner than one in `ppoll`, which has looked at each descriptor once more by then. A signal that comes
/// before the thread has begun to wait ends nothing. So it is sent again until the thread has left the call; and it
/// is sent to none that has. Where the kernel does not wait, a [PolledWaiter] does.
final class BlockedWaiter implements Waiter {

    private static final Platform OS = Platform.current();
    private static final long SHORTEST = 20_000; // nanoseconds
    private static final long LONGEST = 5_000_000;

    private final NativeEnds ends;
    private final SleepingThread thread;
    private final @Nullable Landing landing;
    private volatile boolean inCall; // set under this
    private @Nullable Waiter instead; // once the kernel does not wait; guarded by this
    private boolean woken; // guarded by this

    /// @param ends a connected socket whose bytes are waited for
    /// @param thread this one
    /// @param landing where it leaves what has come, or `null` for where it is
    BlockedWaiter(NativeEnds ends, SleepingThread thread, @Nullable Landing landing) {
        this.ends = ends;
        this.thread = thread;
        this.landing = landing;
    }

    @Override
    public void await(int fd, Deadline deadline) throws IOException {
        if (enter() && !block(fd)) {
            PolledWaiter polled = PolledWaiter.borrow(OS.POLLIN());
            Waiter other = polled != null ? polled : new BackoffWaiter();
            if (goOnWith(other)) {
                other.await(fd, deadline);
            }
        }
    }

    /// Returns whether the kernel has waited.
    private boolean block(int fd) throws IOException {
        try {
            return ends.awaitBytes(fd, thread, landing) != Endpoint.WOULD_BLOCK;
        } finally {
            inCall = false; // before the lock: whoever wakes has it again and again
            leave();
        }
    }

    private synchronized boolean enter() {
        inCall = !woken;
        return !woken;
    }

    /// Returns when no signal is on its way to this thread.
    private synchronized void leave() {
        assert !inCall;
    }

    private synchronized boolean goOnWith(Waiter other) {
        instead = other;
        return !woken;
    }

    /// Returns when the thread has left the call, which takes it no longer than to wake up.
    @Override
    public void wake() {
        Waiter other = mark();
        if (other != null) {
            other.wake();
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

    private synchronized @Nullable Waiter mark() {
        woken = true;
        return instead;
    }

    /// Sends the signal, while the thread cannot leave; returns whether it was there.
    private synchronized boolean signal() {
        if (!inCall) {
            return false;
        }
        WakeSignal.send(thread.number);
        return true;
    }

    @Override
    public void done() {
        Waiter other = mark();
        if (other != null) {
            other.done();
        }
    }
}
