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

    /// Returns it as `at most 1.12: met`, or without the verdict where there are too few rounds for one.
    String verdictOn(Figures ratio) {
        return verdictOn(ratio, "");
    }

    /// Returns it as `at most 60 µs: met`, likewise.
    String verdictOn(Figures figures, String unit) {
        boolean whole = !unit.isEmpty() && limit == Math.rint(limit);
        String number = String.format(Locale.ROOT, whole ? "%,.0f" : "%.2f", limit);
        String wanted = (upwards ? "at least " : "at most ") + number + " " + unit;
        return figures.isTooFew() ? wanted.strip() : wanted.strip() + ": " + verdict(figures);
    }

    private String verdict(Figures figures) {
        if (isMetBy(figures.median())) {
            return "met";
        }
        return figures.interval().contains(limit) ? "missed, by less than the noise" : "missed";
    }
}
