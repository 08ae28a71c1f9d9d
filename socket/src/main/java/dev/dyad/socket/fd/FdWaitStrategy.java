package dev.dyad.socket.fd;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.BackoffWaiter;
import dev.dyad.socket.waiting.BlockingWaiter;
import dev.dyad.socket.waiting.ParkedWaiter;
import dev.dyad.socket.waiting.Poller;
import dev.dyad.socket.waiting.PpollWaiter;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.TimeLimit;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How a thread waits for a descriptor: a platform thread in the kernel, a virtual one parked.
public final class FdWaitStrategy implements WaitStrategy, Waiter.Holder {

    private static final Platform OS = Platforms.current();
    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final Deadline NEVER = Deadline.never();

    private final Direction direction;
    private final FdMutex fd;
    private final boolean forWriting;
    private final boolean spins;
    private final boolean tellsOfShutdown; // before it waits, as the calls do not
    private final @Nullable Fd blocking; // whose bytes are waited for in the call that receives them
    private volatile boolean polled; // once a poller knows the descriptor
    private volatile @Nullable Waiter waiter;

    // -- of the thread that has the turn
    private @Nullable Spin spin; // once a thread waits that may spin
    private long written; // the sum of the writing direction, as it was at the last wait

    // -- likewise, and of the call under way
    private boolean eventless;
    private @Nullable BackoffWaiter backoff; // whose pauses grow
    private @Nullable Waiter other; // what is waited by instead

    /// @param spins whether a thread tries again for a moment before it waits, where that pays
    /// @param blocking what receives nothing but bytes in this direction, or `null`
    /// @param tellsOfShutdown whether zero is the answer of a call that would have to wait for what was shut
    ///     down: a socket of datagrams tells that only to a call that waits
    FdWaitStrategy(Direction direction, boolean spins, @Nullable Fd blocking, boolean tellsOfShutdown) {
        this.direction = direction;
        this.spins = spins;
        this.blocking = blocking;
        this.tellsOfShutdown = tellsOfShutdown;
        fd = direction.fd;
        forWriting = direction.turn == FdMutex.Turn.WRITING;
    }

    /// Returns how one waits for any descriptor.
    public static WaitStrategy of(Direction direction) {
        return new FdWaitStrategy(direction, false, null, false);
    }

    @Override
    public long awaitReady(Deadline deadline, Attempt attempt) throws IOException {
        if (tellsOfShutdown && SocketCalls.isReadingShut(fd.number())) {
            return 0;
        }
        @Nullable Waiter mine = null;
        try {
            mine = newWaiter(deadline, attempt);
            waiter = mine; // before the look at the state, as a close marks the state before it wakes
            if (direction.mayWait() && !Thread.currentThread().isInterrupted()) {
                boolean waitsForRoom = forWriting && other == null && !eventless;
                return mine.await(fd.number(), waitsForRoom ? Direction.untilNextTry(deadline) : deadline, this);
            }
            return -EAGAIN;
        } finally {
            try {
                endWait();
            } finally {
                waiter = null;
                if (mine != null) {
                    mine.done();
                }
            }
        }
    }

    /// Lets the descriptor go where somebody waits for that: who closes the end, as the interrupt of this
    /// thread does.
    private void endWait() {
        if (fd.isClosed() || Thread.currentThread().isInterrupted()) {
            direction.rest();
        }
    }

    /// The thread that waits is parked. The next call acquires the descriptor anew, which a close refuses.
    @Override
    public void letGo() {
        direction.rest();
    }

    /// A thread in the call that receives may not be able to leave, and has been told of the end then.
    @Override
    public boolean isLeftBehind() {
        return waiter instanceof BlockingWaiter receiving && receiving.isStuck();
    }

    /// A writer does not: whatever room there is it would take, in small pieces, and be in the reader's way.
    @Override
    public boolean beginSpin(long now) {
        return spins && !Thread.currentThread().isVirtual() && spin().begin(now);
    }

    @Override
    public void waited(long nanos, long now, long calls, long answers) {
        Spin own = spin; // not made here, where what the call has brought would be lost if there is no memory
        Fd stream = blocking;
        if (own != null && stream != null) {
            long sent = stream.writing.sum();
            own.waited(nanos, now, calls, answers, sent != written);
            written = sent;
        } else if (own != null) {
            // Answers may be no bytes. Where they are, as from a pipe, they may have been asked for by another end.
            own.waited(nanos, now, calls, calls, true);
        }
    }

    private Spin spin() {
        Spin made = spin;
        if (made == null) {
            made = new Spin();
            spin = made;
        }
        return made;
    }

    @Override
    public boolean sleepsAnyway(TimeLimit until) {
        boolean brings = other != null ? !until.hasPassed() : !until.isLimited();
        return brings && !Thread.currentThread().isVirtual() && (!spins || !spin().pays());
    }

    @Override
    public void wake() {
        Waiter waiting = waiter;
        if (waiting != null) {
            waiting.wake();
        }
    }

    /// Takes the descriptor out of the poller, if it ever got there.
    @Override
    public void forget(int raw) {
        if (waiter instanceof ParkedWaiter parked) {
            parked.forget();
        }
        if (polled) {
            Poller.forget(forWriting, raw);
        }
    }

    @Override
    public void noEvent() {
        eventless = true;
    }

    @Override
    public void waitBy(@Nullable Waiter waiter) {
        other = waiter;
    }

    @Override
    public void ended() {
        backoff = null;
        eventless = false;
        other = null;
    }

    private Waiter newWaiter(Deadline deadline, Attempt attempt) throws IOException {
        Waiter given = other;
        if (given != null) {
            return given;
        }
        if (eventless) {
            return backingOff();
        }
        Waiter best = Thread.currentThread().isVirtual() ? parked() : sleeping(deadline, attempt);
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

    /// A call that waits for what it does not take would have to look at it, which is no plain wait: bytes out
    /// of band are seen by a look, and by nothing else.
    private @Nullable Waiter sleeping(Deadline deadline, Attempt attempt) throws IOException {
        Fd ends = blocking;
        boolean takes = ends != null && deadline == NEVER && OS.blocks(); // the wait is limited once it is to end
        ByteBuffer target = takes ? attempt.waitBuffer() : null;
        Waiter inCall = ends == null || target == null ? null : BlockingWaiter.of(ends, target);
        return inCall != null ? inCall : PpollWaiter.borrow(events());
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
