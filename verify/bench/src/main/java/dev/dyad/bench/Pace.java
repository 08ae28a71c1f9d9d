package dev.dyad.bench;

import java.time.Duration;

/// How long to measure.
///
/// @param warmups how many spans a JVM gets before the one that counts
/// @param span how long one figure takes to make, where it is an average
record Pace(int rounds, int warmups, Duration span) {

    /// For figures.
    static Pace full(int rounds) {
        return new Pace(rounds, 2, Duration.ofSeconds(1));
    }

    /// For nothing but to see that everything still runs.
    static Pace quick() {
        return new Pace(1, 0, Duration.ofMillis(50));
    }
}
