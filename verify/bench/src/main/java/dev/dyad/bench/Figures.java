package dev.dyad.bench;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// A figure for each round, and what becomes of them: the middle one, and how far they spread.
///
/// @param rounds all of them; none where only what became of them was kept
record Figures(double median, double min, double max, List<Double> rounds) {

    private static final int ENOUGH = 3;
    private static final double OUTSIDE = 0.05;
    private static final int FEWEST_DECIMALS = 2;
    private static final int MOST_DECIMALS = 4;

    /// Where the median of as many rounds as one likes would lie.
    record Interval(double low, double high) {

        boolean contains(double value) {
            return low <= value && value <= high;
        }
    }

    Figures {
        Objects.requireNonNull(rounds, "rounds");
    }

    static Figures of(List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Figures(median, sorted.getFirst(), sorted.getLast(), List.copyOf(rounds));
    }

    /// Returns them as `1.08 (1.05 to 1.13)`, or as one number where only that was kept.
    String text(int decimals) {
        String number = "%,." + decimals + "f";
        if (rounds.isEmpty() && min == max) {
            return String.format(Locale.ROOT, number, median);
        }
        return String.format(Locale.ROOT, number + " (" + number + " to " + number + ")", median, min, max);
    }

    /// Returns a ratio as [#text(int)] does, with two decimals, or with more where a small one has fewer than two
    /// digits in them.
    String ratioText() {
        return text(ratioDecimals());
    }

    /// Returns only the median of a ratio, likewise.
    String ratioMedian() {
        return String.format(Locale.ROOT, "%." + ratioDecimals() + "f", median);
    }

    private int ratioDecimals() {
        int decimals = FEWEST_DECIMALS;
        if (rounds.isEmpty()) { // it was kept with so many
            return decimals;
        }
        for (double digits = median * 10; digits > 0 && digits < 1 && decimals < MOST_DECIMALS; digits *= 10) {
            decimals++;
        }
        return decimals;
    }

    /// Says whether there are too few rounds for a spread.
    boolean isTooFew() {
        return !rounds.isEmpty() && rounds.size() < ENOUGH;
    }

    /// Returns where the median lies with 95 %, whatever the figures are distributed like: between two of the rounds,
    /// each as far from its end as so many tosses of a coin allow. Of fewer than six rounds it is all of them.
    Interval interval() {
        List<Double> sorted = rounds.stream().sorted().toList();
        int outside = 0;
        double both = 2 * Math.pow(0.5, sorted.size()); // the chance that no more than `outside` lie on either side
        double exactly = both;
        while (both <= OUTSIDE) {
            outside++;
            exactly = exactly * (sorted.size() - outside + 1) / outside;
            both += exactly;
        }
        int first = Math.max(0, outside - 1);
        return rounds.isEmpty()
                ? new Interval(min, max)
                : new Interval(sorted.get(first), sorted.get(sorted.size() - 1 - first));
    }
}
