package dev.dyad.bench;

import java.time.Duration;

/// How long to measure.
///
/// @param warmups how many spans a JVM gets before the one that counts
/// @param span how long one figure takes to make, where it is an average
/// @param divisor how many times fewer things there are than the goals are for
record Pace(int rounds, int warmups, Duration span, int divisor) {

    /// For figures.
    static Pace full(int rounds, Duration span) {
        return new Pace(rounds, 1, span, 1);
    }

    /// Returns this, with another number of rounds.
    Pace withRounds(int number) {
        return new Pace(number, warmups, span, divisor);
    }

    /// For nothing but to see that everything still runs.
    static Pace quick() {
        return new Pace(1, 0, Duration.ofMillis(50), 10);
    }

    /// Returns the span as programs take it.
    String seconds() {
        return Double.toString(span.toMillis() / 1e3);
    }

    /// Returns how many there are of what the goals are for `number` of, as programs take it.
    String size(int number) {
        return Integer.toString(Math.max(1, number / divisor));
    }
}
