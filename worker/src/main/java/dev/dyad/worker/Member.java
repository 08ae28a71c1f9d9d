package dev.dyad.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One worker as the pool counts it: a generation of a place.
final class Member {

    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    static final long LONG_IDLE = TimeUnit.MINUTES.toNanos(1);

    final Place place;
    final long generation;
    final long pid;
    final WorkerProcess process;
    private final long begun;
    private final long recycleAt; // answers
    private final long longestAge; // in nanoseconds

    private final AtomicLong looked = new AtomicLong(System.nanoTime() - BETWEEN_LOOKS);

    // Under the pool's lock.
    int underWay;
    long idleSince;
    long answered;
    boolean isProven; // it has answered what a worker is asked first, and no request may have run since
    boolean leaving; // gets no more requests
    boolean asksToLeave; // it has asked to be replaced
    boolean isGivenUp; // it owes something, and may never end by itself

    @Nullable
    String exit; // once its process has ended, and one of its requests is to tell why

    String how = "it goes on"; // why it has ended, or is to be replaced
    String whyStopped = "closed"; // as the requests are told that it has then

    /// @param begun when, by the pool's clock
    Member(Place place, long pid, WorkerProcess process, long begun, long recycleAt, long longestAge) {
        this.place = place;
        this.pid = pid;
        this.process = process;
        this.begun = begun;
        this.recycleAt = recycleAt;
        this.longestAge = longestAge;
        generation = place.generations - 1;
        idleSince = begun;
    }

    /// Returns whether it has answered as many requests as it may.
    boolean isUsedUp() {
        return answered >= recycleAt;
    }

    /// Returns in how many nanoseconds it is to be replaced for its age.
    long untilOld(long now) {
        return longestAge - (now - begun);
    }

    boolean isLongIdle(long now) {
        return underWay == 0 && now - idleSince >= LONG_IDLE;
    }

    /// Returns whether a second has passed since it last said so. Any thread may ask.
    boolean isTimeToLookAtMemory() {
        long now = System.nanoTime();
        long last = looked.get();
        return now - last >= BETWEEN_LOOKS && looked.compareAndSet(last, now);
    }
}
