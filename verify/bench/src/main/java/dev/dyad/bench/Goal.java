package dev.dyad.bench;

import java.util.Locale;

/// Where the median of a ratio, or of a figure of ours, should lie.
///
/// @param upwards whether more is better
record Goal(boolean upwards, double limit) {

    static Goal atMost(double limit) {
        return new Goal(false, limit);
    }

    static Goal atLeast(double limit) {
        return new Goal(true, limit);
    }

    boolean isMetBy(double median) {
        return upwards ? median >= limit : median <= limit;
    }

    /// Returns it as `at most 1.12: met`.
    String verdictOn(double median) {
        return String.format(
                Locale.ROOT,
                "%s %.2f: %s",
                upwards ? "at least" : "at most",
                limit,
                isMetBy(median) ? "met" : "missed");
    }
}
