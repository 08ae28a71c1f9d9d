package dev.dyad.socket;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// An open descriptor, closed once, and never while a call is using it.
///
/// Any thread may use it. The closing action is run by whoever leaves last after [#close].
final class OwnedFd implements Lost.Closing {

    private static final int CLOSED = Integer.MIN_VALUE; // the sign bit; the others count calls under way

    private final int fd;
    private final IntConsumer closing;
    private final AtomicInteger state = new AtomicInteger();

    OwnedFd(int fd, IntConsumer closing) {
        this.fd = fd;
        this.closing = closing;
    }

    /// Keeps the descriptor open until [#release].
    int acquire() throws ClosedChannelException {
        int before;
        do {
            before = state.get();
            if (before < 0) {
                throw new ClosedChannelException();
            }
        } while (!state.compareAndSet(before, before + 1));
        return fd;
    }

    void release() {
        if (state.decrementAndGet() == CLOSED) {
            closeNow();
        }
    }

    /// Closes the descriptor now, or when the last call under way ends.
    ///
    /// @return whether this was the call that closed it
    @Override
    public boolean close() {
        int before;
        do {
            before = state.get();
        } while (!state.compareAndSet(before, before | CLOSED));
        if (before == 0) {
            closeNow();
        }
        return before >= 0;
    }

    /// Gives the number away, which is then as good as closed here.
    ///
    /// @throws IllegalStateException if a call is using it
    int detach() throws ClosedChannelException {
        int before = state.compareAndExchange(0, CLOSED);
        if (before < 0) {
            throw new ClosedChannelException();
        }
        if (before > 0) {
            throw new IllegalStateException("in use by " + before + " calls");
        }
        return fd;
    }

    /// Takes the number back that [#detach] gave away.
    void attach() {
        state.set(0);
    }

    /// Returns the number, which is a stranger's once this is closed: for messages to people.
    int number() {
        return fd;
    }

    boolean isClosed() {
        return state.get() < 0;
    }

    private void closeNow() {
        closing.accept(fd);
    }
}
