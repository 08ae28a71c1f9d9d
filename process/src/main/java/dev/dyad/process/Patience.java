package dev.dyad.process;

import java.time.Duration;

/// How long the end of a child may take.
///
/// @param untilTerm how long it may take to end by itself
/// @param untilKill how long it may take after SIGTERM
record Patience(Duration untilTerm, Duration untilKill) {

    static final Patience USUAL = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(2));

    Patience {
        if (untilTerm.isNegative() || untilKill.isNegative()) {
            throw new IllegalArgumentException("less than no patience: " + untilTerm + ", " + untilKill);
        }
    }

    Duration inAll() {
        return untilTerm.plus(untilKill);
    }
}
