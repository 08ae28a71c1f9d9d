package dev.dyad.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Runs all workloads at the same time, ends them several times, and looks at what is left.
final class Soak {

    /// How often all work ends, but in a test.
    static final int PARTS = 10;

    private static final int LONGEST_PAUSE = 200_000_000; // nanoseconds between two kills
    private static final int MOST_FAILURES = 10; // that are kept: the first ones say most

    private final long seed;
    private final int parts;
    private final long part; // nanoseconds
    private final List<Workload> workloads;
    private final List<Tally> tallies;
    private final KillTargets targets = new KillTargets();
    private final Watcher watcher;
    private final List<RoundFailure> failures = Collections.synchronizedList(new ArrayList<>());
    private final LongAdder failed = new LongAdder();
    private final Random random;

    /// @param parts how often all work ends, three times at least
    Soak(long seed, Duration length, int parts, List<Workload> workloads) {
        this.seed = seed;
        this.parts = parts;
        part = length.toNanos() / parts;
        watcher = new Watcher(System.nanoTime(), part, parts);
        this.workloads = List.copyOf(workloads);
        tallies = workloads.stream().map(Tally::of).toList();
        random = new Random(seed);
    }

    /// Everything there is.
    static List<Workload> all() {
        return List.of(
                new PairWorkload(),
                new ChildWorkload(),
                new ChannelWorkload(),
                new PoolWorkload(),
                new DescriptorWorkload());
    }

    SoakResult run() throws IOException, InterruptedException {
        for (int i = 0; i < parts; i++) {
            runPart();
            watcher.awaitIdle();
        }
        return new SoakResult(
                seed,
                Duration.ofNanos(part * parts).toSeconds(),
                tallies,
                targets.killed(),
                List.copyOf(failures),
                failed.sum(),
                watcher.samples(),
                watcher.idleSamples(),
                Figure.allowances());
    }

    private void runPart() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var over = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workloads.size(); i++) {
            Workload workload = workloads.get(i);
            Tally tally = tallies.get(i);
            var seeds = new Random(random.nextLong());
            threads.add(Thread.ofPlatform()
                    .name("soak: " + workload.name())
                    .start(() -> repeat(workload, tally, seeds, begin)));
        }
        var choices = new Random(random.nextLong());
        threads.add(Thread.ofPlatform().name("soak: kills").start(() -> kill(choices, begin)));
        Thread ending = Thread.ofPlatform().name("soak: end").start(() -> {
            threads.forEach(Soak::join);
            over.countDown();
        });
        watcher.watch(over);
        ending.join();
    }

    private boolean isOver(long begin) {
        return System.nanoTime() - begin >= part;
    }

    private void repeat(Workload workload, Tally tally, Random seeds, long begin) {
        do {
            long round = seeds.nextLong();
            try {
                tally.add(workload.round(new Random(round), targets));
            } catch (Throwable e) { // one of any kind is what a soak is for
                keep(new RoundFailure(workload.name(), round, RoundFailure.stack(e)));
            }
        } while (!isOver(begin));
    }

    private void keep(RoundFailure failure) {
        failed.increment();
        if (failures.size() < MOST_FAILURES) {
            failures.add(failure);
        }
    }

    private void kill(Random choices, long begin) {
        while (!isOver(begin)) {
            LockSupport.parkNanos(choices.nextInt(LONGEST_PAUSE));
            try {
                targets.killOne(choices);
            } catch (Throwable e) {
                keep(new RoundFailure("kills", seed, RoundFailure.stack(e)));
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e); // nobody does
        }
    }
}
