package dev.dyad.worker;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where one worker after the other is, and how they fare. Under the pool's lock.
final class Place {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 16;
    private static final int MOST_ENDING = 2; // beside which a successor may be started

    final int number;

    @Nullable
    Member current; // which may be given requests

    @Nullable
    Slot slot; // in which it is asked

    final Set<Member> ending = new LinkedHashSet<>(); // whose processes may still be there
    final Set<Member> lost = new LinkedHashSet<>(2); // gone, and it is soon known how: a successor is started then
    boolean isOpen;
    private boolean isStarting;
    boolean isStartAbandoned; // what is being started is to replace nobody
    long generations; // that were begun
    long pidOfStart; // of the last that was, or 0 before there is a process
    long needed; // the least generation that will do: `current` goes on until that is ready
    long wished; // the same, of the reloads that wait
    private String whySuccessor = "";
    int reloads; // that wait

    int failedStarts;
    int failuresInARow;
    String lastFailure = "none has failed";
    long failedBelow; // the generations before failed, or are older than one that did
    private long failedAt;
    private boolean isPauseTold;

    Place(int number) {
        this.number = number;
    }

    /// Returns whether a worker is to be started, after [#pause]. So that those that leave slowly do not become
    /// many, a successor waits for them.
    boolean wantsWorker() {
        return isOpen
                && !isStarting
                && lost.isEmpty()
                && (current == null || (wantsSuccessor() && ending.size() < MOST_ENDING));
    }

    boolean wantsSuccessor() {
        return current != null && current.generation < Math.max(needed, wished);
    }

    private boolean needsSuccessor() {
        return current != null && current.generation < needed;
    }

    /// Has the worker that is there replaced by one that is started from now on.
    ///
    /// @return false if it was to be before
    boolean needSuccessor(String why) {
        if (needsSuccessor()) {
            return false;
        }
        needed = generations;
        whySuccessor = why;
        return true;
    }

    /// Has it replaced likewise, until [#endReload].
    ///
    /// @return the least generation that will do
    long reload() {
        reloads++;
        wished = generations;
        whySuccessor = needsSuccessor() ? whySuccessor : "all are replaced";
        return wished;
    }

    /// Is told that a reload waits no longer. With the last one, its successor is not wanted, though it may be
    /// needed.
    void endReload(boolean isReloaded) {
        reloads--;
        if (reloads == 0 && !isReloaded) {
            wished = 0;
            isStartAbandoned = !needsSuccessor();
        }
    }

    String whySuccessor() {
        return whySuccessor;
    }

    boolean isStarting() {
        return isStarting;
    }

    /// Begins a start, which [#endStart] ends.
    void beginStart() {
        isStarting = true;
        isStartAbandoned = false;
        generations++;
        pidOfStart = 0;
    }

    /// @return false if it was to replace a worker that goes on
    boolean endStart() {
        isStarting = false;
        return current == null || !isStartAbandoned;
    }

    /// Is told of an answer: it ends a row of failures, unless it is one of a worker from before.
    ///
    /// @return whether it does
    boolean answered(Member member) {
        if (member.generation < failedBelow) {
            return false;
        }
        failuresInARow = 0;
        return true;
    }

    void failed(String how, long now) {
        failuresInARow++;
        failedBelow = generations;
        lastFailure = how;
        failedAt = now;
        isPauseTold = false;
    }

    /// Returns whether a worker is likely to be ready here soon.
    boolean isComing() {
        return isOpen && current == null && failuresInARow == 0;
    }

    boolean isHopeless(int failures) {
        return current == null && failuresInARow >= failures;
    }

    /// Returns how long after the last failure the next start is. After a worker that had answered there is no
    /// pause.
    Duration pause() {
        if (failuresInARow < 2) {
            return Duration.ZERO;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failuresInARow - 2, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /// Returns how many nanoseconds of the pause are left.
    long pauseLeft(long now) {
        return Math.max(pause().toNanos() - (now - failedAt), 0);
    }

    /// @return whether this pause was not told before
    boolean tellPause() {
        boolean isNew = !isPauseTold;
        isPauseTold = true;
        return isNew;
    }

    Worker snapshot() {
        Member member = current;
        if (member == null) {
            Worker.State state = isStarting || pause().isZero() ? Worker.State.STARTING : Worker.State.AWAY;
            return isStarting
                    ? new Worker(number, generations - 1, state, pidOfStart, 0, 0)
                    : new Worker(number, generations, state, 0, 0, 0);
        }
        Worker.State state = member.underWay == 0 ? Worker.State.READY : Worker.State.BUSY;
        return new Worker(number, member.generation, state, member.pid, member.answered, member.underWay);
    }
}
