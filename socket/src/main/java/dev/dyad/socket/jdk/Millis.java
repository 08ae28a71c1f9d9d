package dev.dyad.socket.jdk;

import dev.dyad.socket.Deadline;

/// Deadlines for selectors, which count in milliseconds.
final class Millis {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private Millis() {}

    /// Returns what remains, rounded up, as a selector wants it: zero stands for ever.
    static long of(Deadline deadline) {
        return deadline.isLimited() ? Math.max(1, Math.ceilDiv(deadline.remainingNanos(), NANOS_PER_MILLI)) : 0;
    }
}
