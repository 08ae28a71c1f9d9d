package dev.dyad.bench;

import java.time.Duration;

/// How long to measure.
///
/// @param warmups how many spans a JVM gets before the one that counts
/// @param span how long one figure takes to make, where it is an average
record Pace(int rounds, int warmups, Duration span) {

    /// For figures.
    static Pace full(int rounds, Duration span) {
        return new Pace(rounds, 2, span);
    }

    /// Returns this, with another number of rounds.
    Pace withRounds(int number) {
        return new Pace(number, warmups, span);
    }

    /// For nothing but to see that everything still runs.
    static Pace quick() {
        return new Pace(1, 0, Duration.ofMillis(50));
    }

    /// Returns the span as programs take it.
    String seconds() {
        return Double.toString(span.toMillis() / 1e3);
    }
}
