package dev.dyad.socket;

import dev.dyad.posix.Platform;
import dev.dyad.socket.waiting.Attempt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A platform thread that waits in the call that receives, as a program in C does, until a signal ends that.
///
/// It wakes sooner than one in `ppoll`, which has looked at each descriptor once more by then. Where the kernel
/// does not wait, a [PolledWaiter] does.
final class BlockedWaiter implements Waiter {

    private static final Platform OS = Platform.current();

    private final NativeEnds ends;
    private final SleepingThread thread;
    private final Landing landing;
    private final SignalledCall call;
    private volatile int number = -1; // of the descriptor, once it waits
    private @Nullable Waiter instead; // once the kernel does not wait; guarded by this
    private boolean woken; // guarded by this

    /// @param ends a connected socket whose bytes are waited for
    /// @param thread this one
    /// @param landing where it leaves what has come
    BlockedWaiter(NativeEnds ends, SleepingThread thread, Landing landing) {
        this.ends = ends;
        this.thread = thread;
        this.landing = landing;
        call = new SignalledCall(thread.number);
    }

    @Override
    public void await(int fd, Deadline deadline, Holder holder) throws IOException {
        number = fd;
        if (call.enter() && !block(fd)) {
            PolledWaiter polled = PolledWaiter.borrow(OS.POLLIN());
            Waiter other = polled != null ? polled : new BackoffWaiter();
            if (goOnWith(other)) {
                other.await(fd, deadline, holder);
            }
        }
    }

    /// Returns whether the kernel has waited.
    private boolean block(int fd) throws IOException {
        try {
            return ends.awaitBytes(fd, thread, landing) != Attempt.WOULD_BLOCK;
        } finally {
            call.leave();
        }
    }

    private synchronized boolean goOnWith(Waiter other) {
        instead = other;
        return !woken;
    }

    /// Returns when the thread has left the call, or after a moment. A thread that cannot be woken then finds
    /// the end of a connection that was closed, as its peer does.
    @Override
    public void wake() {
        Waiter other = mark();
        if (other != null) {
            other.wake();
        }
        if (!call.end()) {
            call.ifInside(() -> ends.endClosed(number));
        }
    }

    private synchronized @Nullable Waiter mark() {
        woken = true;
        return instead;
    }

    @Override
    public void done() {
        Waiter other = mark();
        if (other != null) {
            other.done();
        }
    }
}
