package dev.dyad.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Looks each second, in a long run less often, at what the process takes, and again when nothing is at work.
final class Watcher {

    private static final long LONGEST_SETTLING = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int MOST_SAMPLES = 3_600; // or they themselves would be what grows
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOKING = TimeUnit.MILLISECONDS.toNanos(20);

    private final long begin;
    private final long settling; // how long nothing has to change
    private final long interval; // nanoseconds between two samples
    private final List<Sample> samples = new ArrayList<>();
    private final List<Sample> idleSamples = new ArrayList<>();

    /// @param begin as `System.nanoTime` has it
    /// @param part nanoseconds of work before each end of all of it
    Watcher(long begin, long part, int parts) {
        this.begin = begin;
        settling = Math.min(LONGEST_SETTLING, part);
        interval = Math.max(TimeUnit.SECONDS.toNanos(1), part * parts / MOST_SAMPLES);
    }

    /// Looks again and again until it is over.
    void watch(CountDownLatch over) throws IOException, InterruptedException {
        do {
            samples.add(Sample.since(begin));
        } while (!over.await(interval, TimeUnit.NANOSECONDS));
    }

    /// Waits until nothing comes or goes any more, and then looks at what is left.
    void awaitIdle() throws IOException {
        long called = System.nanoTime();
        Sample last = Sample.since(begin);
        long changed = called;
        while (System.nanoTime() - changed < settling && System.nanoTime() - called < PATIENCE) {
            LockSupport.parkNanos(LOOKING);
            Sample now = Sample.since(begin);
            if (!now.hasTheSameAs(last)) {
                changed = System.nanoTime();
            }
            last = now;
        }
        System.gc();
        idleSamples.add(Sample.since(begin));
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    List<Sample> idleSamples() {
        return List.copyOf(idleSamples);
    }
}
