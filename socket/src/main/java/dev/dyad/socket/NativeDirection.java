package dev.dyad.socket;

import dev.dyad.posix.Platform;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A direction of a descriptor: a platform thread waits in `ppoll`, a virtual one is parked.
final class NativeDirection extends Direction {

    private static final Platform OS = Platform.current();

    private final OwnedFd fd;
    private final boolean forWriting;
    private final Spin spin = new Spin();
    private volatile boolean polled; // once a poller knows the descriptor
    private volatile @Nullable Waiter waiter;
    private boolean eventless; // for the call under way; guarded by the lock
    private @Nullable BackoffWaiter backoff; // of the call under way, whose pauses grow; guarded by the lock
    private @Nullable Waiter other; // what the call under way waits by instead; guarded by the lock

    NativeDirection(OwnedFd fd, boolean forWriting) {
        this.fd = fd;
        this.forWriting = forWriting;
    }

    /// The caller has acquired the descriptor, so that the number stays what it is.
    @Override
    void awaitReady(Deadline deadline) throws IOException {
        int raw = fd.acquire();
        try {
            Waiter mine = newWaiter();
            waiter = mine; // before the look at the state, as a close marks the state before it wakes
            try {
                if (!fd.isClosed() && mayWait()) {
                    mine.await(raw, deadline);
                }
            } finally {
                waiter = null;
                mine.done();
            }
        } finally {
            fd.release();
        }
    }

    @Override
    boolean beginSpin() {
        return !Thread.currentThread().isVirtual() && spin.begin();
    }

    @Override
    void waited(long nanos) {
        spin.waited(nanos);
    }

    @Override
    void wake() {
        Waiter waiting = waiter;
        if (waiting != null) {
            waiting.wake();
        }
    }

    @Override
    void release() {
        // Waiters go back to their pool, and the descriptor leaves the poller when it is closed.
    }

    /// Takes the descriptor out of the poller, if it ever got there.
    void forget(int raw) {
        if (polled) {
            Poller.forget(forWriting, raw);
        }
    }

    /// Says that no event will tell when the next try of the call under way is worth it.
    void noEvent() {
        eventless = true;
    }

    /// Says what the call under way waits by from here on, or `null` for the descriptor.
    void waitBy(@Nullable Waiter waiter) {
        other = waiter;
    }

    private Waiter newWaiter() throws IOException {
        Waiter given = other;
        if (given != null) {
            return given;
        }
        if (eventless) {
            return backingOff();
        }
        Waiter best = Thread.currentThread().isVirtual() ? parked() : PolledWaiter.borrow(events());
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
        other = null;
    }

    private @Nullable Waiter parked() throws IOException {
        Poller poller = Poller.of(forWriting);
        if (poller == null) {
            return null;
        }
        polled = true;
        return new ParkedWaiter(poller);
    }

    private int events() {
        return forWriting ? OS.POLLOUT() : OS.POLLIN();
    }
}
