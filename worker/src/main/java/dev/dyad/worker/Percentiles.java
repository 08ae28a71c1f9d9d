package dev.dyad.worker;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// The durations of something that was done again and again: a snapshot.
///
/// A duration is known to two significant digits, rounded up, from a nanosecond to 39 hours; what takes longer counts
/// as 39 hours. These are the numbers of an HdrHistogram of that precision.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="statistics"}
public final class Percentiles {

    private static final double ALL = 100;

    private final long[] counts; // of DurationHistogram's buckets
    private final long total;

    Percentiles(long[] counts) {
        this.counts = counts;
        total = Arrays.stream(counts).sum();
    }

    /// Returns how many durations these are.
    ///
    /// @return the number
    public long count() {
        return total;
    }

    /// Returns the duration that so many percent of them do not exceed.
    ///
    /// @param percentile from 0 to 100, such as 99.9
    /// @return the duration, or zero where there is none yet
    public Duration at(double percentile) {
        if (!(percentile >= 0 && percentile <= ALL)) {
            throw new IllegalArgumentException("a percentile is from 0 to 100, not " + percentile);
        }
        double share = Math.max(0, Math.nextDown(percentile)); // so that 50 % of 10 are 5, whatever 0.5 × 10 is
        long wanted = Math.max(1, (long) Math.ceil(share * total / ALL));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Duration.ofNanos(DurationHistogram.longestOf(i));
            }
        }
        return Duration.ZERO;
    }

    /// Returns the longest of them.
    ///
    /// @return the duration, or zero where there is none yet
    public Duration max() {
        return at(ALL);
    }

    /// Returns those that are not in an earlier snapshot of the same workers.
    ///
    /// @param earlier the snapshot
    /// @return the durations since
    /// @throws IllegalArgumentException if that is a later one, or of other workers
    public Percentiles since(Percentiles earlier) {
        long[] left = counts.clone();
        for (int i = 0; i < earlier.counts.length; i++) {
            if (i >= left.length || left[i] < earlier.counts[i]) {
                throw new IllegalArgumentException("not an earlier snapshot of the same workers");
            }
            left[i] -= earlier.counts[i];
        }
        return new Percentiles(left);
    }

    /// Returns the most usual ones, for people: `p50 1.10 ms, p99 4.21 ms, max 17.3 ms`.
    @Override
    public String toString() {
        return "p50 %s, p99 %s, max %s".formatted(text(at(50)), text(at(99)), text(max()));
    }

    private static String text(Duration duration) {
        double nanos = duration.toNanos();
        return nanos < 1e3
                ? duration.toNanos() + " ns"
                : nanos < 1e6
                        ? digits(nanos / 1e3) + " µs"
                        : nanos < 1e9 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
