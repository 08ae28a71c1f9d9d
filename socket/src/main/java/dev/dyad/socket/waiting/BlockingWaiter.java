package dev.dyad.socket.waiting;

import dev.dyad.posix.Platform;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A platform thread that waits in the call that receives, as a program in C does, until a signal ends that.
///
/// It wakes sooner than one in `ppoll`, which has looked at each descriptor once more by then. Where the kernel
/// does not wait, a [PpollWaiter] does.
public final class BlockingWaiter implements Waiter {

    private static final Platform OS = Platform.current();
    private static final long EAGAIN = Errno.EAGAIN.code();

    private final Source source;
    private final NativeThread thread;
    private final WaitBuffer landing;
    private final SignalledCall call;
    private volatile int number = -1; // of the descriptor, once it waits
    private @Nullable Waiter instead; // once the kernel does not wait; guarded by this
    private boolean woken; // guarded by this

    /// A connected socket whose bytes are waited for.
    public interface Source {

        /// Waits in the kernel until there is something to receive, and takes it.
        ///
        /// @param thread this one
        /// @param landing where to put what is taken
        /// @return what the call answers, or `-errno`: `-EAGAIN` where the kernel does not wait, as somebody
        ///     else may have told the descriptor not to
        long awaitBytes(int raw, NativeThread thread, WaitBuffer landing);

        /// Ends the connection, if it was closed while a thread cannot leave its call.
        ///
        /// @param raw the number, which the caller keeps open
        void endClosed(int raw);
    }

    /// @param source where they come from
    /// @param thread this one
    /// @param landing where it leaves what has come
    public BlockingWaiter(Source source, NativeThread thread, WaitBuffer landing) {
        this.source = source;
        this.thread = thread;
        this.landing = landing;
        call = new SignalledCall(thread.number);
    }

    @Override
    public void await(int fd, Deadline deadline, Holder holder) throws IOException {
        number = fd;
        if (call.enter() && !block(fd)) {
            PpollWaiter polled = PpollWaiter.borrow(OS.POLLIN());
            Waiter other = polled != null ? polled : new BackoffWaiter();
            if (goOnWith(other)) {
                other.await(fd, deadline, holder);
            }
        }
    }

    /// Returns whether the kernel has waited.
    private boolean block(int fd) {
        try {
            return source.awaitBytes(fd, thread, landing) != -EAGAIN;
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
            call.ifInside(() -> source.endClosed(number));
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
