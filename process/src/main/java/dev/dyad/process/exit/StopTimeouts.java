package dev.dyad.process.exit;

import java.time.Duration;

/// How long the end of a child may take.
///
/// @param untilTerm how long it may take to end by itself
/// @param untilKill how long it may take after SIGTERM
public record StopTimeouts(Duration untilTerm, Duration untilKill) {

    /// Unless something else is said.
    public static final StopTimeouts USUAL = new StopTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2));

    public StopTimeouts {
        if (untilTerm.isNegative() || untilKill.isNegative()) {
            throw new IllegalArgumentException("less than no patience: " + untilTerm + ", " + untilKill);
        }
    }

    Duration inAll() {
        return untilTerm.plus(untilKill);
    }
}
