package dev.dyad.socket.fd;

import dev.dyad.posix.Platforms;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.Interruption;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.TimeLimit;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One of the two directions of an end: one thread at a time goes through it, and may wait in it.
///
/// [#perform] is the loop by which every call waits. What it answers is zero or more, or `-errno`.
public final class Direction {

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
    final FdMutex fd;

    final FdMutex.Turn turn;
    private final WaitStrategy.Source source;
    private volatile @Nullable WaitStrategy strategy; // once a thread had to wait; set by that thread
    private long owner; // of the turn, by its number: a thread finds itself here, or not
    private volatile boolean resting; // while the thread that has the turn has no reference; set by that thread
    private volatile boolean waiting; // set by the thread that has the turn
    private volatile boolean telling; // of an interrupt, which may need a lock of the one that closes
    private volatile boolean shut;
    private volatile @Nullable Refusal refusal;
    private @Nullable Refusal refusalSeen; // by the wait under way; of the thread that has the turn
    private @Nullable TimeLimit limit; // of the wait under way, if it can move; of the thread that has the turn
    private Deadline deadlineSeen = NEVER; // of the limit, as the wait began; of the thread that has the turn
    private long calls; // above zero, and without a wait, since the last wait; of the thread that has the turn
    private long answers; // the sum of all above zero; set by the thread that has the turn, and looked at by others
    private long answersTold; // as it was when the last wait was over; of the thread that has the turn
    private boolean sleeps; // whether the last wait was too long for a spin; of the thread that has the turn

    private volatile Object news = this; // another one each time that something was told
    private Object newsSeen = news; // of the thread that has the turn

    public Direction(FdMutex fd, FdMutex.Turn turn, WaitStrategy.Source source) {
        this.fd = fd;
        this.turn = turn;
        this.source = source;
    }

    /// Makes a call as soon as it is this thread's turn, and again and again until it need not wait.
    ///
    /// @param interrupts what an interrupt of this thread does
    /// @param interruption what tells of it while this thread waits
    /// @return what the call answers, or `-errno`: `-EAGAIN` when the time is up, `-EINTR` where an interrupt
    ///     has ended it, `-EBADF` where the end is closed, `-ESHUTDOWN` where the direction was shut down
    ///     before
    public long perform(Attempt attempt, TimeLimit until, Interrupts interrupts, Interruption interruption)
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
    public long performInTurn(Attempt attempt, TimeLimit until, Interrupts interrupts, Interruption interruption)
            throws IOException {
        WaitStrategy made = strategy;
        // An interrupted thread makes no call: the wait, which tells of the interrupt, ends at once. Nor does one whose
        // first try would most likely be in vain, as the last one was.
        boolean waitsFirst =
                (interrupts == Interrupts.CLOSE && Thread.currentThread().isInterrupted())
                        || (sleeps && made != null && attempt.waitsFirst() && made.sleepsAnyway(until));
        long answer = waitsFirst ? -EAGAIN : make(attempt);
        if (answer == -EAGAIN) {
            return await(attempt, until, interrupts, interruption);
        }
        if (answer > 0) {
            calls++;
            answers += answer;
        }
        return answer;
    }

    /// Makes a call once, which does not wait, by a thread whose turn it is.
    ///
    /// @return what it answers, or `-errno`, as [#perform]
    public long performNow(Attempt attempt) throws IOException {
        try {
            long answer = make(attempt);
            if (answer > 0) {
                calls++;
                answers += answer;
            }
            return answer;
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
            WaitStrategy how = strategy();
            answer = spin(how, attempt, until, since);
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
                    answer = awaitOnce(how, attempt, until, interrupts);
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
            sleeps = now - since > SHORTEST_SLEEP;
            answers += Math.max(answer, 0);
            how.waited(now - since, now, calls + 1, answers - answersTold);
            calls = 0;
            answersTold = answers;
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
    private long awaitOnce(WaitStrategy how, Attempt attempt, TimeLimit until, Interrupts interrupts)
            throws IOException {
        boolean kept = interrupts == Interrupts.KEEP && Thread.interrupted(); // or no wait would last
        waiting = true;
        Refusal first = refusal;
        refusalSeen = first;
        TimeLimit.Watch watch = until.watch(this::wake);
        try (watch) {
            limit = watch == null ? null : until;
            deadlineSeen = until.deadline();
            return how.awaitReady(first == null ? deadlineSeen : earlier(deadlineSeen, first.from()), attempt);
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
    private long spin(WaitStrategy how, Attempt attempt, TimeLimit until, long since) throws IOException {
        if (!how.beginSpin(since)) {
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
    public int enter(TimeLimit until, Interrupts interrupts) {
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
    public int tryEnter() {
        int answer = fd.tryEnter(turn);
        if (answer == 0) {
            owner = Thread.currentThread().threadId();
        }
        return answer;
    }

    /// Returns whether it is this thread that has the turn.
    public boolean isEntered() {
        return owner == Thread.currentThread().threadId();
    }

    public void leave() {
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
    public boolean isEmpty() {
        return resting || fd.isFree(turn);
    }

    /// Returns whether the thread that is in it waits, and makes no call before it has seen that the end is open.
    public boolean isResting() {
        return resting;
    }

    /// Returns whether who closes the end need not wait for the thread that has the turn, or must not.
    ///
    /// One that is told of an interrupt, or is about to be, may wait for the thread that closes.
    private boolean isFree() {
        return isEmpty() || telling;
    }

    /// Gives up the reference while this thread, which has the turn, makes no call: who closes the end need
    /// not wait for it.
    void rest() {
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

    /// Returns when the thread that had the turn has let go of what is to be closed, or after a moment.
    public void awaitLetGo() {
        if (!hasLetGo() && !isEntered()) {
            boolean _ = BoundedWait.await(this::hasLetGo, BoundedWait.MOMENT);
        }
    }

    private boolean hasLetGo() {
        WaitStrategy made = strategy;
        return isFree() || (made != null && made.isLeftBehind());
    }

    /// Says that no event will tell when the next try of the call under way is worth it.
    public void noEvent() {
        strategy().noEvent();
    }

    /// Says what the call under way waits by from here on, or `null` for the descriptor.
    public void waitBy(@Nullable Waiter waiter) {
        strategy().waitBy(waiter);
    }

    /// Forgets what the waits of one call had in common.
    private void ended() {
        WaitStrategy made = strategy;
        if (made != null) {
            made.ended();
        }
    }

    /// Returns how one waits in this; of the thread that has the turn.
    private WaitStrategy strategy() {
        WaitStrategy made = strategy;
        if (made == null) {
            made = source.strategyFor(this);
            strategy = made;
        }
        return made;
    }

    /// Returns what all calls have answered so far, in sum. A thread of the other direction may see it late.
    long sum() {
        return answers;
    }

    /// Returns whether a thread waits in this direction now.
    public boolean isWaiting() {
        return waiting;
    }

    /// Tells that something has changed which no event and no mark says, and ends the wait of the thread that
    /// is in it.
    public void tell() {
        news = new Object();
        wake();
    }

    /// Returns whether the direction was ended, the end itself being open.
    public boolean isShut() {
        return shut;
    }

    /// Marks the direction ended.
    ///
    /// @return whether it was not before
    public boolean shut() {
        boolean first = !shut;
        shut = true;
        return first;
    }

    /// Takes [#shut] back, where the system refused.
    public void unshut() {
        shut = false;
    }

    /// Why one does not wait, and from when on.
    record Refusal(Deadline from, Supplier<? extends IOException> why) {}

    /// Makes every wait end at `from` with what `why` makes, and lets the thread that is in one know.
    public void refuse(Deadline from, Supplier<? extends IOException> why) {
        refusal = new Refusal(from, why);
        wake();
    }

    /// Returns why one does not wait now, or `null` where one may.
    public @Nullable Supplier<? extends IOException> refusal() {
        Refusal now = refusal;
        return now != null && now.from().hasPassed() ? now.why() : null;
    }

    /// Returns whether there may be something to wait for, which is asked once the waiter can be woken.
    public boolean mayWait() {
        return !fd.isClosed()
                && !shut
                && Objects.equals(newsSeen, news)
                && Objects.equals(refusal, refusalSeen)
                && (limit == null || limit.deadline().equals(deadlineSeen));
    }

    /// Returns until when a writer waits for room before it tries again.
    public static Deadline untilNextTry(Deadline deadline) {
        return earlier(deadline, Deadline.after(WAIT_FOR_ROOM));
    }

    private static Deadline earlier(Deadline one, Deadline other) {
        return one.remainingNanos() <= other.remainingNanos() ? one : other;
    }

    /// Ends the wait of the thread that is in it, after the direction was marked or the end closed.
    public void wake() {
        WaitStrategy made = strategy; // the thread that makes one publishes it, and then looks for the mark
        if (made != null) {
            made.wake();
        }
    }

    /// Gives up what the waits have of the descriptor, which is about to be closed.
    public void forget(int raw) {
        WaitStrategy made = strategy;
        if (made != null) {
            made.forget(raw);
        }
    }
}
