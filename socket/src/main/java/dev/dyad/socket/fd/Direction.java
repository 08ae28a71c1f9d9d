package dev.dyad.socket.fd;

import dev.dyad.posix.Platforms;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.Interruption;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One of the two directions of an end: one thread at a time goes through it, and may wait in it.
///
/// [#perform] is the loop by which every call waits. What it answers is zero or more, or `-errno`.
public abstract class Direction {

    private static final long EAGAIN = Errno.EAGAIN.code();
    private static final long EBADF = Errno.EBADF.code();
    private static final long EINTR = Errno.EINTR.code();
    private static final long EPIPE = Errno.EPIPE.code();
    private static final long ESHUTDOWN = Platforms.current().errno("ESHUTDOWN");
    private static final Deadline NEVER = Deadline.never();

    /// For how long a writer waits for room at most before it tries again: that a peer has ended its reading half is
    /// told by no event, but by the next try.
    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(1);

    /// No thread goes to sleep and wakes up within so many nanoseconds.
    private static final long SHORTEST_SLEEP = 3_000;

    /// The descriptor, whose turns and references the directions take.
    protected final FdMutex fd;

    private final FdMutex.Turn turn;
    private long owner; // of the turn, by its number: a thread finds itself here, or not
    private volatile boolean resting; // while the thread that has the turn has no reference; set by that thread
    private volatile boolean waiting; // set by the thread that has the turn
    private volatile boolean telling; // of an interrupt, which may need a lock of the one that closes
    private volatile boolean shut;
    private volatile @Nullable Refusal refusal;
    private @Nullable Refusal refusalSeen; // by the wait under way; of the thread that has the turn
    private @Nullable TimeLimit limit; // of the wait under way, if it can move; of the thread that has the turn
    private Deadline deadlineSeen = NEVER; // of the limit, as the wait began; of the thread that has the turn
    private boolean sleeps; // whether the last wait was none for a spin; of the thread that has the turn

    private volatile Object news = this; // another one each time that something was told
    private Object newsSeen = news; // of the thread that has the turn

    protected Direction(FdMutex fd, FdMutex.Turn turn) {
        this.fd = fd;
        this.turn = turn;
    }

    /// Makes a call as soon as it is this thread's turn, and again and again until it need not wait.
    ///
    /// @param interrupts what an interrupt of this thread does
    /// @param interruption what tells of it while this thread waits
    /// @return what the call answers, or `-errno`: `-EAGAIN` when the time is up, `-EINTR` where an interrupt
    ///     has ended it, `-EBADF` where the end is closed, `-ESHUTDOWN` where the direction was shut down
    ///     before
    public final long perform(Attempt attempt, TimeLimit until, Interrupts interrupts, Interruption interruption)
            throws IOException {
        int entered = enter(until, interrupts);
        if (entered < 0) {
            return entered == -EINTR ? interrupted(interrupts, interruption) : entered;
        }
        try {
            return performInTurn(attempt, until, interrupts, interruption);
        } finally {
            leave();
        }
    }

    /// Makes a call as [#perform], by a thread whose turn it is.
    public final long performInTurn(Attempt attempt, TimeLimit until, Interrupts interrupts, Interruption interruption)
            throws IOException {
        // An interrupted thread makes no call: the wait, which tells of the interrupt, ends at once.
        boolean waitsFirst =
                (interrupts == Interrupts.CLOSE && Thread.currentThread().isInterrupted())
                        || (sleeps && waitsAnyway(attempt, until));
        long answer = waitsFirst ? -EAGAIN : make(attempt);
        return answer == -EAGAIN ? await(attempt, until, interrupts, interruption) : answer;
    }

    /// Makes a call once, which does not wait, by a thread whose turn it is.
    ///
    /// @return what it answers, or `-errno`, as [#perform]
    public final long performNow(Attempt attempt) throws IOException {
        try {
            return make(attempt);
        } finally {
            ended();
        }
    }

    /// Waits and makes the call, again and again until it need not wait.
    private long await(Attempt attempt, TimeLimit until, Interrupts interrupts, Interruption interruption)
            throws IOException {
        long since = System.nanoTime();
        long answer = -EBADF;
        try {
            telling = true; // until the end of this at the latest
            interruption.begins(interrupts);
            telling = false;
            answer = spin(attempt, until, since);
            while (answer == -EAGAIN) {
                Supplier<? extends IOException> refused = refusal(); // before the try, which is the last then
                if (refused == null) {
                    boolean isEnded = interrupts == Interrupts.END || interrupts == Interrupts.RETURN;
                    if (isEnded && Thread.currentThread().isInterrupted()) {
                        answer = -EINTR;
                        break;
                    }
                    if (until.hasPassed()) {
                        break;
                    }
                    answer = awaitOnce(attempt, until, interrupts);
                    if (answer != -EAGAIN) {
                        break;
                    }
                }
                telling = true;
                interruption.begins(interrupts); // each time: the wait of a JDK's selector puts itself in its place
                telling = false;
                answer = resume() ? make(attempt) : -EBADF;
                if (answer == -EAGAIN && refused != null) {
                    throw refused.get();
                }
            }
            long now = System.nanoTime();
            waited(now - since, now);
            return answer == -ESHUTDOWN ? -EPIPE : answer; // as the kernel tells one that waits
        } finally {
            ended();
            telling = true;
            try {
                interruption.ends(answer >= 0);
            } finally {
                telling = false;
            }
        }
    }

    /// Waits until a try is worth it: when the direction may be ready, when the end was closed, or for no
    /// reason.
    ///
    /// @return what the wait has brought, or `-EAGAIN` to try again
    private long awaitOnce(Attempt attempt, TimeLimit until, Interrupts interrupts) throws IOException {
        boolean kept = interrupts == Interrupts.KEEP && Thread.interrupted(); // or no wait would last
        waiting = true;
        Refusal first = refusal;
        refusalSeen = first;
        TimeLimit.Watch watch = until.watch(this::wake);
        try (watch) {
            limit = watch == null ? null : until;
            deadlineSeen = until.deadline();
            return awaitReady(first == null ? deadlineSeen : earlier(deadlineSeen, first.from()), attempt);
        } finally {
            limit = null;
            deadlineSeen = NEVER;
            waiting = false;
            if (kept) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Makes the call, as often as a signal ends it.
    private long make(Attempt attempt) throws IOException {
        long answer;
        do {
            if (shut) {
                return turn == FdMutex.Turn.WRITING ? -ESHUTDOWN : 0;
            }
            Object latest = news; // what is told from here on ends the wait that may follow
            if (!Objects.equals(newsSeen, latest)) {
                newsSeen = latest;
            }
            answer = attempt.make();
        } while (answer == -EINTR);
        return answer;
    }

    /// Makes a call that would have had to wait again and again, for as long as that is likely to pay.
    ///
    /// @return its last answer, which is `-EAGAIN` where no try was likely to pay
    private long spin(Attempt attempt, TimeLimit until, long since) throws IOException {
        if (!beginSpin(since)) {
            return -EAGAIN;
        }
        try {
            long answer;
            do {
                answer = make(attempt);
                Thread.onSpinWait();
            } while (answer == -EAGAIN && System.nanoTime() - since < Spin.LONGEST && !until.hasPassed());
            return answer;
        } finally {
            Spin.end();
        }
    }

    private static long interrupted(Interrupts interrupts, Interruption interruption) throws IOException {
        if (interrupts == Interrupts.CLOSE) {
            interruption.begins(interrupts);
            interruption.ends(false);
        }
        return -EINTR;
    }

    /// Takes the turn and a reference, as soon as the thread before this one has left; [#leave] must follow.
    ///
    /// @param interrupts whether an interrupt of this thread ends the wait for the turn, and whether time does
    /// @return zero, or `-errno`: `-EAGAIN` when the time is up, `-EINTR` if this thread is interrupted, with
    ///     its interrupt flag set, `-EBADF` if the end is closed
    public final int enter(TimeLimit until, Interrupts interrupts) {
        int answer = fd.tryEnter(turn);
        if (answer == -EAGAIN) {
            boolean isEnded = interrupts == Interrupts.CLOSE || interrupts == Interrupts.RETURN;
            answer = isEnded ? fd.enter(turn, until) : fd.enter(turn);
        }
        if (answer == 0) {
            owner = Thread.currentThread().threadId();
        }
        return answer;
    }

    /// Takes the turn and a reference, if nobody has the turn; [#leave] must follow.
    ///
    /// @return zero, `-EAGAIN`, or `-EBADF` if the end is closed
    public final int tryEnter() {
        int answer = fd.tryEnter(turn);
        if (answer == 0) {
            owner = Thread.currentThread().threadId();
        }
        return answer;
    }

    /// Returns whether it is this thread that has the turn.
    public final boolean isEntered() {
        return owner == Thread.currentThread().threadId();
    }

    public final void leave() {
        boolean refers = !resting;
        if (!refers) { // a volatile write has its price
            resting = false;
        }
        owner = 0;
        fd.leave(turn, refers);
    }

    /// Returns whether no thread that was let in before the end was closed is in a call.
    ///
    /// One that is parked is in none: it finds the end closed when it goes on, however late that is.
    public final boolean isEmpty() {
        return resting || fd.isFree(turn);
    }

    /// Returns whether the thread that is in it waits, and makes no call before it has seen that the end is open.
    public final boolean isResting() {
        return resting;
    }

    /// Returns whether who closes the end need not wait for the thread that has the turn, or must not.
    ///
    /// One that is told of an interrupt, or is about to be, may wait for the thread that closes.
    protected final boolean isFree() {
        return isEmpty() || telling;
    }

    /// Gives up the reference while this thread, which has the turn, makes no call: who closes the end need
    /// not wait for it.
    protected final void rest() {
        if (!resting) {
            try {
                fd.release();
            } finally {
                resting = true;
            }
        }
    }

    /// Takes a reference anew after a wait.
    ///
    /// @return whether the end is open
    private boolean resume() {
        if (!resting) {
            return !fd.isClosed();
        }
        resting = false; // before, or a call could begin unseen
        resting = !fd.tryAcquire();
        return !resting;
    }

    /// Returns when the thread that was woken has let go of what is to be closed, or after a moment.
    public abstract void awaitLetGo();

    /// Forgets what the waits of one call had in common.
    protected void ended() {}

    /// Begins to try again and again for a moment, if that is likely to pay; [Spin#end] must follow.
    protected boolean beginSpin(long now) {
        return false;
    }

    /// Returns whether the next call is as likely to wait as the last one, so that a first try would be in vain.
    private boolean waitsAnyway(Attempt attempt, TimeLimit until) {
        return attempt.waitsFirst() && sleepsAnyway(until);
    }

    /// Returns whether a thread that waits until then finds what has come meanwhile by the same call.
    protected boolean sleepsAnyway(TimeLimit until) {
        return false;
    }

    /// Learns how many nanoseconds a call had to wait, until `now`.
    protected void waited(long nanos, long now) {
        sleeps = nanos > SHORTEST_SLEEP;
    }

    /// Returns whether a thread waits in this direction now.
    public final boolean isWaiting() {
        return waiting;
    }

    /// Tells that something has changed which no event and no mark says, and ends the wait of the thread that
    /// is in it.
    public final void tell() {
        news = new Object();
        wake();
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
        Refusal now = refusal;
        return now != null && now.from().hasPassed() ? now.why() : null;
    }

    /// Returns whether there may be something to wait for, which is asked once the waiter can be woken.
    protected final boolean mayWait() {
        return !fd.isClosed()
                && !shut
                && Objects.equals(newsSeen, news)
                && Objects.equals(refusal, refusalSeen)
                && (limit == null || limit.deadline().equals(deadlineSeen));
    }

    /// Returns until when a writer waits for room before it tries again.
    protected static Deadline untilNextTry(Deadline deadline) {
        return earlier(deadline, Deadline.after(WAIT_FOR_ROOM));
    }

    private static Deadline earlier(Deadline one, Deadline other) {
        return one.remainingNanos() <= other.remainingNanos() ? one : other;
    }

    /// Returns when the direction may be ready, when the end is closed, the direction ended or waits refused, when
    /// the time is up, or for no reason.
    ///
    /// @return what it has brought for the attempt, or `-EAGAIN`
    protected abstract long awaitReady(Deadline deadline, Attempt attempt) throws IOException;

    /// Ends the wait of the thread that is in it, after the direction was marked or the end closed.
    public abstract void wake();
}
