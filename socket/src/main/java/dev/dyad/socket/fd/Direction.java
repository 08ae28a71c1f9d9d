package dev.dyad.socket.fd;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One of the two directions of an end: one thread at a time goes through it, and may wait in it.
public abstract class Direction {

    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean waiting; // written under lock
    private volatile boolean shut;
    private volatile @Nullable Refusal refusal;
    private @Nullable Refusal considered; // by the wait under way; guarded by the lock
    private @Nullable TimeLimit limit; // of the wait under way; guarded by the lock
    private Deadline moment = Deadline.never(); // when that was when the wait began; guarded by the lock

    private volatile Object news = this; // another one each time that something was told
    private Object known = news; // guarded by the lock

    /// Tells that something has changed which no event and no mark says, and ends the wait of the thread that is in it.
    public final void tell() {
        news = new Object();
        wake();
    }

    /// Takes note of what was told so far, before a try: what is told from here on ends the wait that may follow it.
    public final void takeNote() {
        known = news;
    }

    /// Lets this thread in, as soon as the one before it has left.
    ///
    /// @throws SocketTimeoutException if that takes too long
    /// @throws InterruptedIOException if this thread is interrupted meanwhile, with its interrupt flag set
    public final void enter(TimeLimit limit) throws IOException {
        if (lock.tryLock()) {
            return;
        }
        try {
            while (!lock.tryLock(Math.min(limit.remainingNanos(), limit.glance()), TimeUnit.NANOSECONDS)) {
                if (limit.hasPassed()) {
                    throw timedOut();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /// Lets this thread in, as soon as the one before it has left, however long that takes.
    public final void enter() {
        lock.lock();
    }

    /// Lets this thread in if nobody is in it.
    public final boolean tryEnter() {
        return lock.tryLock();
    }

    /// Returns whether it is this thread that was let in.
    public final boolean isEntered() {
        return lock.isHeldByCurrentThread();
    }

    public final void leave() {
        ended();
        lock.unlock();
        left();
    }

    /// Returns whether no thread that was let in before the end was closed is in a call.
    ///
    /// One that is parked is in none: it finds the end closed when it goes on, however late that is.
    public final boolean isEmpty() {
        if (isResting()) {
            return true;
        }
        if (!lock.tryLock()) {
            return false;
        }
        leave();
        return true;
    }

    /// Returns whether the thread that is in it waits, and makes no call before it has seen that the end is open.
    public boolean isResting() {
        return false;
    }

    /// Returns when the thread that was woken has let go of what is to be closed, or after a moment.
    public void awaitLetGo() {}

    /// Does what is to be done when nobody is in it, which may already be untrue again.
    protected void left() {}

    /// Forgets what the waits of one call had in common.
    void ended() {}

    /// Makes a call that would have had to wait again and again, for as long as that is likely to pay.
    ///
    /// @param since when the call began, as [System#nanoTime] tells it
    /// @param blocked what it answers where it would have to wait
    /// @return its last answer, which is `blocked` where no try was likely to pay
    public final long spin(Deadline deadline, long since, long blocked, Attempt attempt) throws IOException {
        if (!beginSpin()) {
            return blocked;
        }
        try {
            long answer;
            do {
                answer = attempt.make();
                Thread.onSpinWait();
            } while (answer == blocked && System.nanoTime() - since < Spin.LONGEST && !deadline.hasPassed());
            return answer;
        } finally {
            Spin.end();
        }
    }

    /// Begins to try again and again for a moment, if that is likely to pay; [Spin#end] must follow.
    boolean beginSpin() {
        return false;
    }

    /// Returns whether the next call is as likely to wait as the last one, so that a first try would be in vain.
    public boolean waitsAnyway() {
        return false;
    }

    /// Learns how many nanoseconds a call had to wait, until `now`.
    public void waited(long nanos, long now) {}

    /// Returns whether a thread waits in this direction now.
    public final boolean isWaiting() {
        return waiting;
    }

    /// Waits until a try is worth it: when the direction may be ready, or the end was closed.
    ///
    /// @throws SocketTimeoutException if the time is up
    public final void await(TimeLimit until) throws IOException {
        if (until.hasPassed()) {
            throw timedOut();
        }
        waiting = true;
        Refusal known = refusal;
        considered = known;
        try (var _ = until.watch(this::wake)) {
            limit = until;
            moment = until.now();
            awaitReady(known == null ? moment : earlier(moment, known.from()));
        } finally {
            limit = null;
            moment = Deadline.never();
            waiting = false;
        }
    }

    /// Returns whether the direction was ended, the end itself being open.
    public final boolean isShut() {
        return shut;
    }

    /// Marks the direction ended.
    ///
    /// @return whether it was not before
    public final boolean shut() {
        boolean first = !shut;
        shut = true;
        return first;
    }

    /// Takes [#shut] back, where the system refused.
    public final void unshut() {
        shut = false;
    }

    /// Why one does not wait, and from when on.
    record Refusal(Deadline from, Supplier<? extends IOException> why) {}

    /// Makes every wait end at `from` with what `why` makes, and lets the thread that is in one know.
    public final void refuse(Deadline from, Supplier<? extends IOException> why) {
        refusal = new Refusal(from, why);
        wake();
    }

    /// Returns why one does not wait now, or `null` where one may.
    public final @Nullable Supplier<? extends IOException> refusal() {
        Refusal known = refusal;
        return known != null && known.from().hasPassed() ? known.why() : null;
    }

    /// Returns what a call answers to which the last wait brought what it waited for, or [Attempt#WOULD_BLOCK].
    public long brought() {
        return Attempt.WOULD_BLOCK;
    }

    /// Returns whether there may be something to wait for, which is asked once the waiter can be woken.
    protected final boolean mayWait() {
        return !shut
                && Objects.equals(known, news)
                && Objects.equals(refusal, considered)
                && (limit == null || limit.now().equals(moment));
    }

    private static Deadline earlier(Deadline one, Deadline other) {
        return one.remainingNanos() <= other.remainingNanos() ? one : other;
    }

    /// Returns when the direction may be ready, when the end is closed, the direction ended or waits refused, when
    /// the time is up, or for no reason.
    protected abstract void awaitReady(Deadline deadline) throws IOException;

    /// Ends the wait of the thread that is in it, after the direction was marked or the end closed.
    public abstract void wake();

    /// Gives back what waiting in it needed, after the end was marked closed.
    public abstract void release() throws IOException;

    private static SocketTimeoutException timedOut() {
        return new SocketTimeoutException("the deadline has passed");
    }
}
