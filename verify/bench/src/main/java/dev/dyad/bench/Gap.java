package dev.dyad.bench;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What lies between an answer and the next ask. Its twin is in `processes.c`, under the same names.
enum Gap {
    NONE("none", 0),
    SHORT("10 µs", 10_000),
    MEDIUM("1 ms", 1_000_000),
    LONG("100 ms", 100_000_000);

    private static final long SHORTEST_SLEEP = 100_000; // nanoseconds: the system's timer is half as late by itself
    private static final int LONGER = 3; // times as long for the longest

    private final String text;
    private final long nanos;

    Gap(String text, long nanos) {
        this.text = text;
        this.nanos = nanos;
    }

    /// Returns the name under which its figures are printed.
    ///
    /// @param loops how many want the cores meanwhile
    String name(int loops) {
        return name() + "-" + loops;
    }

    /// Returns which percentiles say something: of the longest there are too few for one in a hundred.
    List<String> percentiles() {
        return this == LONG ? List.of("50") : List.of("50", "99");
    }

    /// Returns for how many seconds one asks, where so many are usual.
    double seconds(double usual) {
        return this == LONG ? LONGER * usual : usual;
    }

    void pass() {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            if (nanos < SHORTEST_SLEEP) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(left);
            }
        }
    }

    /// Returns what is printed.
    @Override
    public String toString() {
        return text;
    }
}
