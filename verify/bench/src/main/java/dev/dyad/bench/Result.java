package dev.dyad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What came of a case, round by round.
///
/// @param goal what the median of the ratio, or of our own figures where there is no rival, should not exceed
record Result(
        String name,
        String unit,
        double goal,
        Figures ours,
        @Nullable Versus versus) {

    /// The rival's figures, and ours ÷ theirs of the same round.
    record Versus(String rival, Figures theirs, Figures ratio) {}

    static Result of(String name, String unit, double goal, List<Double> ours) {
        return new Result(name, unit, goal, Figures.of(ours), null);
    }

    static Result of(String name, String unit, double goal, List<Double> ours, String rival, List<Double> theirs) {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / theirs.get(round));
        }
        var versus = new Versus(rival, Figures.of(theirs), Figures.of(ratios));
        return new Result(name, unit, goal, Figures.of(ours), versus);
    }

    /// Returns a few lines for people.
    String text() {
        int decimals = unit.equals("ns") ? 0 : 1;
        String head = String.format(
                Locale.ROOT, "%s, rounds: %d%n", name, ours.rounds().size());
        String own = line("ours", ours.text(decimals) + " " + unit);
        if (versus == null) {
            return head + own + line("goal", verdict(ours.median()) + " " + unit);
        }
        return head
                + own
                + line(versus.rival(), versus.theirs().text(decimals) + " " + unit)
                + line(
                        "ratio",
                        versus.ratio().text(2) + ", goal "
                                + verdict(versus.ratio().median()));
    }

    private String verdict(double median) {
        return String.format(Locale.ROOT, "%s %.2f", median <= goal ? "met: at most" : "missed: at most", goal);
    }

    private static String line(String name, String text) {
        return String.format(Locale.ROOT, "  %-14s %s%n", name, text);
    }
}
