package dev.dyad.socket.fd;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.waiting.TimeLimit;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The lifetime of a descriptor and the turns of its two directions, in one word.
///
/// The descriptor is closed once, and never while a call has a reference to it: the closing action is run by
/// the last one that leaves after [#close]. A call that may wait takes the turn of its direction and a
/// reference at once, by one compare-and-set. Any thread may use it.
///
/// @see <a href="https://go.dev/src/internal/poll/fd_mutex.go">fdMutex of Go's internal/poll</a>
public final class FdMutex implements LeakCleaner.Closing {

    private static final int EAGAIN = Errno.EAGAIN.code();
    private static final int EBADF = Errno.EBADF.code();
    private static final int EINTR = Errno.EINTR.code();

    private static final long CLOSED = 1; // refuses new calls
    private static final long AWAY = 1 << 1; // given away, which may fail
    private static final long GONE = 1 << 2; // the closing action is over, or the number another's
    private static final long REFERENCE = 1 << 5; // of 20 bits
    private static final long REFERENCES = REFERENCE * 0xFFFFF;

    private final int fd;
    private final Closer closer;
    private final AtomicLong word = new AtomicLong();
    private volatile @Nullable Semaphore readers; // in which they wait for their turn, once one had to
    private volatile @Nullable Semaphore writers;
    private volatile @Nullable String handedOver; // how, if it was not just closed; set before the word

    /// What closes the descriptor, once, when no call uses it any more.
    @FunctionalInterface
    public interface Closer {
        void closeNumber(int fd);
    }

    /// Whose turn it is: one thread at a time reads, and one writes.
    public enum Turn {
        READING(1 << 3, 1L << 25),
        WRITING(1 << 4, 1L << 44);

        private final long bit;
        private final long waiter; // of 19 bits
        private final long waiters;

        Turn(long bit, long waiter) {
            this.bit = bit;
            this.waiter = waiter;
            waiters = waiter * 0x7FFFF;
        }
    }

    public FdMutex(int fd, Closer closer) {
        this.fd = fd;
        this.closer = closer;
    }

    /// Keeps the descriptor open until [#release].
    ///
    /// @return its number
    public int acquire() throws ClosedChannelException {
        if (!tryAcquire()) {
            throw closed();
        }
        return fd;
    }

    /// Lends the number, which stays open until it is given back.
    public BorrowedFd lend() throws ClosedChannelException {
        return BorrowedFd.of(acquire(), this::release);
    }

    /// Keeps the descriptor open until [#release], unless it is closed.
    boolean tryAcquire() {
        long before;
        do {
            before = word.get();
            if ((before & (CLOSED | AWAY)) != 0) {
                return false;
            }
            if ((before & REFERENCES) == REFERENCES) {
                throw tooMany("calls use one descriptor");
            }
        } while (!word.compareAndSet(before, before + REFERENCE));
        return true;
    }

    public void release() {
        if ((word.addAndGet(-REFERENCE) & (CLOSED | REFERENCES)) == CLOSED) {
            closeNow();
        }
    }

    /// Takes a turn and a reference, if nobody has that turn; [#leave] must follow.
    ///
    /// @return zero, `-EAGAIN`, or `-EBADF` if it is closed
    int tryEnter(Turn turn) {
        while (true) {
            long before = word.get();
            if ((before & (CLOSED | AWAY)) != 0) {
                return -EBADF;
            }
            if ((before & turn.bit) != 0) {
                return -EAGAIN;
            }
            if ((before & REFERENCES) == REFERENCES) {
                throw tooMany("calls use one descriptor");
            }
            if (word.compareAndSet(before, (before | turn.bit) + REFERENCE)) {
                return 0;
            }
        }
    }

    /// Takes a turn and a reference, as soon as the thread that has that turn leaves; [#leave] must follow.
    ///
    /// @return zero; `-EBADF` if it is closed, also while this thread waits; `-EAGAIN` when the time is up, or
    ///     `-EINTR` if this thread is interrupted while it waits, with its interrupt flag set
    int enter(Turn turn, TimeLimit limit) {
        while (true) {
            int answer = tryEnter(turn);
            if (answer != -EAGAIN) {
                return answer;
            }
            int waited = queue(turn) ? awaitTurn(turn, limit) : 0;
            if (waited < 0) {
                return waited;
            }
        }
    }

    /// Takes a turn and a reference, however long that takes, interrupted or not.
    ///
    /// @return zero, or `-EBADF` if it is closed, also while this thread waits
    int enter(Turn turn) {
        int answer = tryEnter(turn);
        while (answer == -EAGAIN) {
            if (queue(turn)) {
                waiting(turn).acquireUninterruptibly();
            }
            answer = tryEnter(turn);
        }
        return answer;
    }

    /// Gives the turn to the next one, and closes the descriptor if it is closed and nobody has a reference.
    ///
    /// @param refers whether the caller still has the reference that it got with the turn
    void leave(Turn turn, boolean refers) {
        long before;
        long after;
        do {
            before = word.get();
            if (refers && (before & CLOSED) != 0) {
                leaveClosed(turn);
                return;
            }
            after = (before & ~turn.bit) - (refers ? REFERENCE : 0) - ((before & turn.waiters) != 0 ? turn.waiter : 0);
        } while (!word.compareAndSet(before, after));
        if ((before & turn.waiters) != 0) {
            waiting(turn).release();
        }
    }

    /// Closes the descriptor, if nobody else has a reference, before the turn is free: a thread that has closed
    /// this may wait for that.
    private void leaveClosed(Turn turn) {
        try {
            release();
        } finally {
            leave(turn, false);
        }
    }

    /// Returns whether nobody has that turn.
    boolean isFree(Turn turn) {
        return (word.get() & turn.bit) == 0;
    }

    /// Counts this thread among those that wait for their turn, unless it can try at once.
    ///
    /// What takes one from the count, as the thread that leaves does, hands a permit to one of them.
    private boolean queue(Turn turn) {
        Semaphore _ = waiting(turn); // before anybody can count on it
        while (true) {
            long before = word.get();
            if ((before & turn.bit) == 0 || (before & (CLOSED | AWAY)) != 0) {
                return false;
            }
            if ((before & turn.waiters) == turn.waiters) {
                throw tooMany("threads wait for their turn");
            }
            if (word.compareAndSet(before, before + turn.waiter)) {
                return true;
            }
        }
    }

    /// @return zero to try again, `-EAGAIN` or `-EINTR`
    private int awaitTurn(Turn turn, TimeLimit limit) {
        Semaphore permits = waiting(turn);
        try {
            while (!permits.tryAcquire(Math.min(limit.remainingNanos(), limit.glance()), TimeUnit.NANOSECONDS)) {
                if (limit.hasPassed()) {
                    return dequeue(turn, permits) ? -EAGAIN : 0;
                }
            }
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return dequeue(turn, permits) ? -EINTR : 0;
        }
    }

    /// Counts this thread no more.
    ///
    /// @return whether it was counted; otherwise it took the permit that was on its way to it, and has to try
    ///     again: it was woken in the place of others
    private boolean dequeue(Turn turn, Semaphore permits) {
        while (true) {
            long before = word.get();
            if ((before & turn.waiters) == 0) {
                permits.acquireUninterruptibly();
                return false;
            }
            if (word.compareAndSet(before, before - turn.waiter)) {
                return true;
            }
        }
    }

    private Semaphore waiting(Turn turn) {
        Semaphore permits = turn == Turn.READING ? readers : writers;
        return permits != null ? permits : makeWaiting(turn);
    }

    private synchronized Semaphore makeWaiting(Turn turn) {
        Semaphore permits = turn == Turn.READING ? readers : writers;
        if (permits == null) {
            permits = new Semaphore(0);
            if (turn == Turn.READING) {
                readers = permits;
            } else {
                writers = permits;
            }
        }
        return permits;
    }

    /// Says how what it stands for is handed over, for calls that come too late; its close must follow.
    ///
    /// @param how or `null` if it is just closed
    public void handOver(@Nullable String how) {
        handedOver = how;
    }

    /// Returns whether what it stands for was handed over, and not just closed.
    boolean isHandedOver() {
        return handedOver != null;
    }

    /// Closes the descriptor now, or when the last call under way ends, or when it is taken back; wakes those
    /// that wait for their turn.
    ///
    /// @return whether this was the call that closed it
    @Override
    public boolean close() {
        long before;
        long after;
        do {
            before = word.get();
            after = (before | CLOSED) & ~(Turn.READING.waiters | Turn.WRITING.waiters);
        } while (!word.compareAndSet(before, after));
        if ((before & (Turn.READING.waiters | Turn.WRITING.waiters)) != 0) {
            wakeAll(Turn.READING, before);
            wakeAll(Turn.WRITING, before);
        }
        if ((before & (CLOSED | AWAY | REFERENCES)) == 0) {
            closeNow();
        }
        return (before & CLOSED) == 0;
    }

    private void wakeAll(Turn turn, long counted) {
        int count = (int) ((counted & turn.waiters) / turn.waiter);
        if (count > 0) {
            waiting(turn).release(count);
        }
    }

    /// Gives the number away, which is then as good as closed here; [#given] or [#takeBack] must follow.
    ///
    /// @throws IllegalStateException if a call is using it
    public int give() throws ClosedChannelException {
        long before = word.compareAndExchange(0, AWAY);
        if ((before & (CLOSED | AWAY)) != 0) {
            throw closed();
        }
        if (before != 0) {
            throw new IllegalStateException("in use by " + Math.max(1, (before & REFERENCES) / REFERENCE) + " calls");
        }
        return fd;
    }

    /// Says that the number has another owner: it stays open for that owner even if this was closed meanwhile.
    public void given() {
        word.set(CLOSED | GONE);
    }

    /// Takes the number back that nobody became the owner of, and closes it if this was closed meanwhile.
    public void takeBack() {
        if (!word.compareAndSet(AWAY, 0)) {
            word.set(CLOSED);
            closeNow();
        }
    }

    /// Returns the number, which is a stranger's once this is closed: for messages to people, and for a thread
    /// that has a reference.
    public int number() {
        return fd;
    }

    /// Returns whether the closing action is over, or the number another owner's.
    public boolean isGone() {
        return (word.get() & GONE) != 0;
    }

    @Override
    public String describe() {
        return FdDescription.of(fd);
    }

    @Override
    public boolean isClosed() {
        return (word.get() & (CLOSED | AWAY)) != 0;
    }

    /// Returns what to throw where it is closed.
    public ClosedChannelException closed() {
        return HandedOverException.closed(handedOver);
    }

    private static IllegalStateException tooMany(String what) {
        return new IllegalStateException("too many " + what);
    }

    private void closeNow() {
        try {
            closer.closeNumber(fd);
        } finally {
            long _ = word.addAndGet(GONE); // once
        }
    }
}
