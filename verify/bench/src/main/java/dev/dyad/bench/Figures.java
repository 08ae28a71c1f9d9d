package dev.dyad.bench;

import java.util.List;
import java.util.Locale;

/// A figure for each round, and what becomes of them: the middle one, and how far they spread.
record Figures(double median, double min, double max, List<Double> rounds) {

    static Figures of(List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Figures(median, sorted.getFirst(), sorted.getLast(), List.copyOf(rounds));
    }

    /// Returns them as `1.08 (1.05 to 1.13)`.
    String text(int decimals) {
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, number + " (" + number + " to " + number + ")", median, min, max);
    }
}
