package dev.dyad.socket.fd;

import dev.dyad.socket.BorrowedFd;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// An open descriptor, closed once, and never while a call is using it.
///
/// Any thread may use it. The closing action is run by whoever leaves last after [#close].
public final class FdMutex implements LeakCleaner.Closing {

    private static final int CLOSED = Integer.MIN_VALUE; // the sign bit; the others count calls under way
    private static final int GONE = CLOSED | 1 << 28; // and the closing action is over, or the number another's
    private static final int AWAY = CLOSED | 1 << 30; // given away, which may fail
    private static final int AWAY_AND_CLOSED = AWAY | 1 << 29; // and to be closed if it does

    private final int fd;
    private final IntConsumer closing;
    private final AtomicInteger state = new AtomicInteger();
    private volatile @Nullable String handedOver; // how, if it was not just closed; set before the state

    public FdMutex(int fd, IntConsumer closing) {
        this.fd = fd;
        this.closing = closing;
    }

    /// Keeps the descriptor open until [#release].
    public int acquire() throws ClosedChannelException {
        int before;
        do {
            before = state.get();
            if (before < 0) {
                throw closed();
            }
        } while (!state.compareAndSet(before, before + 1));
        return fd;
    }

    /// Lends the number, which stays open until it is given back.
    public BorrowedFd lend() throws ClosedChannelException {
        return BorrowedFd.of(acquire(), this::release);
    }

    /// Says how what it stands for is handed over, for those who come too late; its close must follow.
    ///
    /// @param how or `null` if it is just closed
    public void handOver(@Nullable String how) {
        handedOver = how;
    }

    /// Returns whether what it stands for was handed over, and not just closed.
    boolean isHandedOver() {
        return handedOver != null;
    }

    public void release() {
        if (state.decrementAndGet() == CLOSED) {
            closeNow();
        }
    }

    /// Closes the descriptor now, or when the last call under way ends, or when it is taken back.
    ///
    /// @return whether this was the call that closed it
    @Override
    public boolean close() {
        int before;
        do {
            before = state.get();
        } while (!state.compareAndSet(before, before == AWAY ? AWAY_AND_CLOSED : before | CLOSED));
        if (before == 0) {
            closeNow();
        }
        return before >= 0 || before == AWAY;
    }

    /// Gives the number away, which is then as good as closed here; [#given] or [#takeBack] must follow.
    ///
    /// @throws IllegalStateException if a call is using it
    public int give() throws ClosedChannelException {
        int before = state.compareAndExchange(0, AWAY);
        if (before < 0) {
            throw closed();
        }
        if (before > 0) {
            throw new IllegalStateException("in use by " + before + " calls");
        }
        return fd;
    }

    /// Says that the number has another owner, for whom it stays open even if this was closed meanwhile.
    public void given() {
        state.set(GONE);
    }

    /// Takes the number back that nobody became the owner of, and closes it if this was closed meanwhile.
    public void takeBack() {
        if (!state.compareAndSet(AWAY, 0)) {
            state.set(CLOSED);
            closeNow();
        }
    }

    /// Returns the number, which is a stranger's once this is closed: for messages to people.
    public int number() {
        return fd;
    }

    /// Returns whether the closing action is over, or the number another owner's.
    public boolean isGone() {
        return state.get() == GONE;
    }

    @Override
    public String describe() {
        return FdDescription.of(fd);
    }

    @Override
    public boolean isClosed() {
        return state.get() < 0;
    }

    /// Returns what to throw where it is closed.
    ClosedChannelException closed() {
        return HandedOverException.closed(handedOver);
    }

    private void closeNow() {
        try {
            closing.accept(fd);
        } finally {
            state.set(GONE);
        }
    }
}
