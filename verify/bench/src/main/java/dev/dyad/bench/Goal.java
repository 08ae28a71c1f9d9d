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

    /// Returns it as `at most 1.12: met`. Where the rounds leave it open, it says that, too; where they are too
    /// few for a spread, it says only that.
    String verdictOn(Figures ratio) {
        return verdictOn(ratio, "");
    }

    /// Returns it as `at most 60 µs: met`, likewise.
    String verdictOn(Figures figures, String unit) {
        boolean whole = !unit.isEmpty() && limit == Math.rint(limit);
        String number = String.format(Locale.ROOT, whole ? "%,.0f" : "%.2f", limit);
        String wanted = (upwards ? "at least " : "at most ") + number + " " + unit;
        return wanted.strip() + ": " + verdict(figures);
    }

    private String verdict(Figures figures) {
        if (figures.isTooFew()) {
            return "too few rounds to tell";
        }
        String verdict = isMetBy(figures.median()) ? "met" : "missed";
        return isOpen(figures) ? verdict + ", by less than the noise" : verdict;
    }

    /// Says whether another run may well lie on the other side.
    private boolean isOpen(Figures figures) {
        Figures.Interval interval = figures.interval();
        return isMetBy(interval.low()) != isMetBy(interval.high());
    }
}
