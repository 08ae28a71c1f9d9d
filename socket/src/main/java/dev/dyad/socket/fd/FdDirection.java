package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.BackoffWaiter;
import dev.dyad.socket.waiting.BlockingWaiter;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.NativeThread;
import dev.dyad.socket.waiting.ParkedWaiter;
import dev.dyad.socket.waiting.Poller;
import dev.dyad.socket.waiting.PpollWaiter;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.WaitBuffer;
import dev.dyad.socket.waiting.Waiter;
import dev.dyad.socket.waiting.WakeSignal;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// A direction of a descriptor: a platform thread waits in the kernel, a virtual one is parked.
public final class FdDirection extends Direction implements Waiter.Holder {

    private static final Platform OS = Platform.current();

    /// No thread goes to sleep and wakes up within so many nanoseconds.
    private static final long SHORTEST_SLEEP = 3_000;

    private final FdMutex fd;
    private final boolean forWriting;
    private final @Nullable Spin spin; // none for a writer: it would be in the reader's way
    private @Nullable Fd blocking; // whose bytes are waited for in the call that receives them
    private volatile boolean polled; // once a poller knows the descriptor
    private volatile @Nullable Waiter waiter;
    private @Nullable CallState state; // once there was a call; guarded by the lock
    private volatile boolean keeping; // from the first call on until the close, by whoever comes last; set under lock
    private volatile boolean resting; // while the thread that is in it has let the descriptor go; set under lock
    private boolean eventless; // for the call under way; guarded by the lock
    private @Nullable BackoffWaiter backoff; // of the call under way, whose pauses grow; guarded by the lock
    private @Nullable WaitBuffer landing; // of the call under way; guarded by the lock
    private boolean sleeps; // whether the last wait was none for a spin; guarded by the lock
    private @Nullable Waiter other; // what the call under way waits by instead; guarded by the lock

    public FdDirection(FdMutex fd, boolean forWriting) {
        this.fd = fd;
        this.forWriting = forWriting;
        spin = forWriting ? null : new Spin();
    }

    /// Says that all that is waited for in this direction is bytes of `ends`, before anybody waits.
    public void blockFor(Fd ends) {
        blocking = ends;
    }

    @Override
    protected void awaitReady(Deadline deadline) throws IOException {
        boolean kept = keeping;
        int raw = keep();
        @Nullable Waiter mine = null;
        try {
            mine = newWaiter(deadline);
            waiter = mine; // before the look at the state, as a close marks the state before it wakes
            if (!fd.isClosed() && mayWait() && !Thread.currentThread().isInterrupted()) {
                mine.await(raw, deadline, this);
            }
        } finally {
            try {
                endWait(kept);
            } finally {
                waiter = null;
                if (mine != null) {
                    mine.done();
                }
            }
        }
    }

    /// Lets the descriptor go where the calls keep it in no other way, and where somebody waits for that: who closes
    /// the end, as the interrupt of this thread does.
    private void endWait(boolean kept) {
        resting = resting && fd.isClosed(); // where it makes no call any more, but is on its way out
        if (keeping && (!kept || fd.isClosed() || Thread.currentThread().isInterrupted())) {
            drop();
        }
    }

    /// The thread that waits is parked. The next call acquires the descriptor anew, which a close refuses.
    @Override
    public void letGo() {
        drop();
        resting = true;
    }

    @Override
    public boolean isResting() {
        return resting;
    }

    /// A thread in the call that receives has been waited for by whoever woke it, and may not be able to leave.
    @Override
    public void awaitLetGo() {
        if (!isEntered()) {
            boolean _ = BoundedWait.await(() -> !keeping || !(waiter instanceof PpollWaiter), BoundedWait.MOMENT);
        }
    }

    @Override
    public long brought() {
        WaitBuffer place = landing;
        return place == null ? Attempt.WOULD_BLOCK : place.answer();
    }

    /// A writer does not: whatever room there is it would take, in small pieces, and be in the reader's way.
    @Override
    public boolean beginSpin() {
        return spin != null && !Thread.currentThread().isVirtual() && spin.begin();
    }

    @Override
    public void waited(long nanos, long now) {
        if (spin != null) {
            spin.waited(nanos, now);
        }
        sleeps = nanos > SHORTEST_SLEEP;
    }

    /// A thread that waits in the kernel finds there what has come meanwhile, by the same call.
    @Override
    public boolean waitsAnyway() {
        return sleeps
                && (spin == null || !spin.pays())
                && !Thread.currentThread().isVirtual();
    }

    @Override
    public void wake() {
        Waiter waiting = waiter;
        if (waiting != null) {
            waiting.wake();
        }
    }

    /// Waiters go back to their pool, and the descriptor leaves the poller when it is closed.
    @Override
    public void release() {
        dropIfClosed();
    }

    /// Returns the descriptor's number, which stays what it is until the caller leaves, who is in this
    /// direction.
    ///
    /// The direction keeps the descriptor from call to call, which saves each of them the two atomic steps to
    /// acquire and release it, and lets it go after the close.
    public int keep() throws ClosedChannelException {
        if (!keeping) {
            int _ = fd.acquire();
            keeping = true;
        } else if (fd.isClosed()) {
            throw fd.closed();
        }
        return fd.number();
    }

    @Override
    protected void left() {
        dropIfClosed();
    }

    /// Lets the descriptor go if it is closed, unless a thread is in this direction, which does so when it
    /// has left. The close is marked before this is tried, and looked for after a thread has left: one of
    /// the two sees it.
    private void dropIfClosed() {
        if (keeping && fd.isClosed() && tryEnter()) {
            try {
                if (keeping) {
                    drop();
                }
            } finally {
                leave();
            }
        }
    }

    /// Releases the descriptor, by the thread that is in this direction; only then is it no longer kept, for those
    /// who wait until it is closed.
    private void drop() {
        try {
            fd.release();
        } finally {
            keeping = false;
        }
    }

    /// Returns room for the `errno` of the calls that are made in this direction; the caller is in it.
    public CallState state() {
        CallState room = state;
        if (room == null) {
            room = CallState.onHeap();
            state = room;
        }
        return room;
    }

    /// Takes the descriptor out of the poller, if it ever got there.
    public void forget(int raw) {
        if (waiter instanceof ParkedWaiter parked) {
            parked.forget();
        }
        if (polled) {
            Poller.forget(forWriting, raw);
        }
    }

    /// Says that no event will tell when the next try of the call under way is worth it.
    public void noEvent() {
        eventless = true;
    }

    /// Says what the call under way waits by from here on, or `null` for the descriptor.
    void waitBy(@Nullable Waiter waiter) {
        other = waiter;
    }

    /// Says where a wait of the call under way may leave what has come, or `null` for where it is.
    public void landIn(@Nullable WaitBuffer place) {
        landing = place;
    }

    private Waiter newWaiter(Deadline deadline) throws IOException {
        Waiter given = other;
        if (given != null) {
            return given;
        }
        if (eventless) {
            return backingOff();
        }
        Waiter best = Thread.currentThread().isVirtual() ? parked() : sleeping(deadline);
        return best != null ? best : backingOff();
    }

    private BackoffWaiter backingOff() {
        BackoffWaiter waiter = backoff;
        if (waiter == null) {
            waiter = new BackoffWaiter();
            backoff = waiter;
        }
        return waiter;
    }

    @Override
    void ended() {
        backoff = null;
        eventless = false;
        landing = null;
        other = null;
    }

    /// A call that waits for what it does not take would have to look at it, which is no plain wait: bytes out of band
    /// are seen by a look, and by nothing else.
    private @Nullable Waiter sleeping(Deadline deadline) throws IOException {
        Fd ends = blocking;
        WaitBuffer place = deadline.isLimited() ? null : landing; // the wait has one once waiting is to end
        NativeThread thread = ends == null || place == null || !OS.blocks() ? null : WakeSignal.thisThread();
        return ends == null || place == null || thread == null
                ? PpollWaiter.borrow(events())
                : new BlockingWaiter(ends, thread, place);
    }

    private @Nullable Waiter parked() throws IOException {
        ParkedWaiter waiter = Poller.waiter(forWriting);
        polled |= waiter != null;
        return waiter;
    }

    private int events() {
        return forWriting ? OS.POLLOUT() : OS.POLLIN();
    }
}
