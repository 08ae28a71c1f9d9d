package dev.dyad.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where one worker after the other is, and how they fare. Under the pool's lock.
final class Place {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_AFTER_CRASHES = Duration.ofSeconds(1); // other callers wait for it
    private static final int MOST_DOUBLINGS = 16;
    private static final int MOST_ENDING = 2; // a successor is started only while fewer are ending

    final int number;

    @Nullable
    Member current; // which may be given requests

    @Nullable
    Slot slot; // in which it is asked

    final Set<Member> ending = new LinkedHashSet<>(); // whose processes may still be there
    final Set<Member> lost = new LinkedHashSet<>(2); // gone, and it is soon known how: a successor is started then
    boolean isOpen;
    private boolean isStarting;
    private boolean isStartAbandoned; // what is being started is to replace nobody

    @Nullable
    Member starting; // whose process is there, and not ready

    long generations; // that were begun
    long pidOfStart; // of the last that was, or 0 before there is a process
    long needed; // the least generation that will do: `current` goes on until that is ready
    private final List<Long> wished = new ArrayList<>(); // the same, of the reloads that wait
    private String whySuccessor = "";

    long failedStart = -1; // generation of the last that did not get ready
    String whyStartFailed = "";
    int failuresInARow;
    int crashesInARow; // of workers that had got ready, each of a request, without an answer between
    int leavesInARow; // of workers that asked to be replaced before they had answered anything
    String lastFailure = "none has failed";
    long failedBelow; // the generations before failed, or are older than one that did
    private long failedAt; // or left
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
        return current != null && current.generation < Math.max(needed, wished());
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
        wished.add(generations);
        whySuccessor = needsSuccessor() ? whySuccessor : "all are replaced";
        return generations;
    }

    /// Is told that a reload waits no longer. What was started only for the reload is not wanted then, though
    /// it may be needed.
    ///
    /// @param first the least generation that would have done
    void endReload(long first) {
        boolean _ = wished.remove(Long.valueOf(first));
        isStartAbandoned |= isStarting
                && current != null
                && !needsSuccessor()
                && wished.stream().noneMatch(other -> other < generations);
    }

    /// Returns how many reloads wait.
    int reloads() {
        return wished.size();
    }

    /// Returns the least generation that will do for all of them, or 0 where there is none.
    long wished() {
        long most = 0;
        for (long first : wished) {
            most = Math.max(most, first);
        }
        return most;
    }

    /// Returns whether what is being started was to replace a worker that goes on, and nobody waits for it.
    boolean isStartAbandoned() {
        return isStartAbandoned;
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

    void endStart() {
        isStarting = false;
        starting = null;
    }

    /// Is told that what was started did not get ready. The reloads that wait for it fail of that, and want no
    /// other.
    void startFailed(String how) {
        failedStart = generations - 1;
        whyStartFailed = how;
        wished.removeIf(first -> first <= failedStart);
    }

    /// Is told of an answer: it ends a row of failures, unless it is one of a worker from before.
    ///
    /// @return whether it does
    boolean answered(Member member) {
        boolean isOfNow = endFailures(member);
        if (isOfNow) {
            leavesInARow = 0;
            crashesInARow = 0;
        }
        return isOfNow;
    }

    /// Is told that a worker that had got ready has failed of a request, or is about to: that ends a row of failures,
    /// as workers start.
    void crashed(Member member) {
        crashesInARow++;
        boolean _ = endFailures(member);
    }

    /// Ends a row of failures, unless an older worker would do so. Of a worker that answers and ends, the end may be
    /// told first: its failure is then the first one after the answer.
    ///
    /// @return whether it does
    private boolean endFailures(Member member) {
        if (member.generation + 1 < failedBelow) {
            return false;
        }
        failuresInARow = member.generation < failedBelow ? Math.min(failuresInARow, 1) : 0;
        return true;
    }

    /// Is told of a worker that asked to be replaced, though it has answered nothing. It has not failed; but its
    /// successors may all do so, as fast as they start.
    void leftUnused(long now) {
        leavesInARow++;
        failedAt = now;
        isPauseTold = false;
    }

    /// Is told of a failure. One that was started while an older one failed may still end the row by an answer.
    void failed(long generation, String how, long now) {
        failuresInARow++;
        failedBelow = Math.max(failedBelow, generation + 1);
        lastFailure = how;
        failedAt = now;
        isPauseTold = false;
    }

    /// Returns whether a worker is likely to be ready here soon.
    boolean isComing() {
        return isOpen && current == null && failuresInARow == 0 && pause().isZero();
    }

    boolean isHopeless(int failures) {
        return current == null && failuresInARow >= failures;
    }

    /// Returns how long after the last failure, or worker that left unused, the next start is. After a worker that had
    /// answered there is no pause.
    Duration pause() {
        Duration afterFailures = pause(failuresInARow + leavesInARow, LONGEST_PAUSE);
        Duration afterCrashes = pause(crashesInARow, LONGEST_AFTER_CRASHES);
        return afterCrashes.compareTo(afterFailures) > 0 ? afterCrashes : afterFailures;
    }

    private static Duration pause(int inARow, Duration longest) {
        if (inARow < 2) {
            return Duration.ZERO;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(inARow - 2, MOST_DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /// Returns how many nanoseconds of the pause are left. What a reload waits for is started at once.
    long pauseLeft(long now) {
        boolean isReload = !wished.isEmpty() && wished() == generations;
        return isReload ? 0 : Math.max(pause().toNanos() - (now - failedAt), 0);
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
