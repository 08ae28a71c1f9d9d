package dev.dyad.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// One worker as the pool counts it: a generation of a place.
final class Member {

    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    static final long LONG_IDLE = TimeUnit.MINUTES.toNanos(1);

    final Place place;
    final long generation;
    final long pid;
    final WorkerProcess process;
    final long recycleAt; // answers
    private final long longestAge; // in nanoseconds

    private final long begun = System.nanoTime();
    private final AtomicLong looked = new AtomicLong(begun - BETWEEN_LOOKS);

    // Under the pool's lock.
    int underWay;
    long idleSince = begun;
    long answered;
    boolean leaving; // gets no more requests
    String how = "it goes on"; // it has ended

    Member(Place place, long generation, long pid, WorkerProcess process, long recycleAt, long longestAge) {
        this.place = place;
        this.generation = generation;
        this.pid = pid;
        this.process = process;
        this.recycleAt = recycleAt;
        this.longestAge = longestAge;
    }

    /// Returns in how many nanoseconds it is to be replaced for its age.
    long untilOld() {
        return longestAge - (System.nanoTime() - begun);
    }

    /// Returns whether a second has passed since it last said so.
    boolean isTimeToLookAtMemory() {
        long now = System.nanoTime();
        long last = looked.get();
        return now - last >= BETWEEN_LOOKS && looked.compareAndSet(last, now);
    }

    boolean isLongIdle() {
        return underWay == 0 && System.nanoTime() - idleSince >= LONG_IDLE;
    }
}
