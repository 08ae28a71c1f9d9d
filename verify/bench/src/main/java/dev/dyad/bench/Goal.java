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
        return verdictOn(median, "");
    }

    /// Returns it as `at most 60 µs: met`.
    String verdictOn(double median, String unit) {
        boolean whole = !unit.isEmpty() && limit == Math.rint(limit);
        String number = String.format(Locale.ROOT, whole ? "%,.0f" : "%.2f", limit);
        String wanted = (upwards ? "at least " : "at most ") + number + " " + unit;
        return wanted.strip() + (isMetBy(median) ? ": met" : ": missed");
    }
}
