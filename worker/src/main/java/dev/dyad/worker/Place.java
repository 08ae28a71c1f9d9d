package dev.dyad.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where one worker after the other is, and how they fare. Under the pool's lock.
final class Place {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 16;

    final int number;

    @Nullable
    Member current; // which may be given requests

    boolean isOpen;
    boolean isStarting;
    boolean isStarted; // what is being started has its generation
    int reloads; // that wait
    int failedStarts;
    long wanted; // the least generation; until that is ready, `current` goes on
    private String whySuccessor = "";
    private long abandonedBelow; // generations that were to replace others
    long failedBelow; // the generations before failed, or are older than one that did
    int failuresInARow;
    long generations;
    String lastFailure = "none has failed";

    Place(int number) {
        this.number = number;
    }

    /// Returns whether a worker is to be started, after [#pause].
    boolean wantsWorker() {
        return isOpen && !isStarting && (current == null || wantsSuccessor());
    }

    boolean wantsSuccessor() {
        return current != null && current.generation < wanted;
    }

    /// Has the worker that is there replaced by one that is started from now on.
    void wantSuccessor(String why) {
        wanted = generations;
        whySuccessor = why;
    }

    String whySuccessor() {
        return whySuccessor;
    }

    /// Leaves the worker that is there, also where a successor is being started.
    void abandonStart() {
        wanted = 0;
        if (current != null) {
            abandonedBelow = isStarting && !isStarted ? generations + 1 : generations;
        }
    }

    /// Returns whether nobody wants a worker any more that was started to replace another one.
    boolean isAbandoned(Member member) {
        return current != null && member.generation < abandonedBelow;
    }

    /// Is told of an answer: it ends a row of failures, unless it is one of a worker from before.
    void answered(Member member) {
        if (member.generation >= failedBelow) {
            failuresInARow = 0;
        }
    }

    void failed(String how) {
        failuresInARow++;
        failedBelow = generations;
        lastFailure = how;
    }

    /// Returns whether a worker is likely to be ready here soon.
    boolean isComing() {
        return isOpen && current == null && failuresInARow == 0;
    }

    boolean isHopeless(int failures) {
        return current == null && failuresInARow >= failures;
    }

    /// Returns how long to wait before the next start. After a worker that had answered there is no pause.
    Duration pause() {
        if (failuresInARow < 2) {
            return Duration.ZERO;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failuresInARow - 2, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
