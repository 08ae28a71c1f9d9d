package dev.dyad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What came of a case, round by round.
///
/// @param goal where the median of our own figures should lie, if that alone says something
record Result(String name, String unit, @Nullable Goal goal, Figures ours, List<Versus> beside) {

    /// A rival's figures, and ours ÷ theirs of the same round.
    ///
    /// @param goal where the median of the ratio should lie, if anywhere
    record Versus(
            String rival,
            Figures theirs,
            Figures ratio,
            @Nullable Goal goal) {}

    static Result of(String name, String unit, @Nullable Goal goal, List<Double> ours) {
        return new Result(name, unit, goal, Figures.of(ours), List.of());
    }

    /// Returns this, held against one more rival.
    Result beside(String rival, @Nullable Goal goal, List<Double> theirs) {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < theirs.size(); round++) {
            ratios.add(ours.rounds().get(round) / theirs.get(round));
        }
        var all = new ArrayList<>(beside);
        all.add(new Versus(rival, Figures.of(theirs), Figures.of(ratios), goal));
        return new Result(name, unit, this.goal, ours, List.copyOf(all));
    }

    /// Returns a small table for people: ours, and below it those that it is held against.
    String text() {
        String heading = "%s, rounds: %d".formatted(name, ours.rounds().size());
        var table = new StringBuilder();
        table.append(line(String.format(Locale.ROOT, "%-58s", heading), beside.isEmpty() ? "" : "ours ÷ it", "goal"));
        table.append(line(who("ours", ours), "", verdict(goal, ours)));
        for (Versus each : beside) {
            table.append(
                    line(who(each.rival(), each.theirs()), each.ratio().text(2), verdict(each.goal(), each.ratio())));
        }
        return table.toString();
    }

    private String who(String who, Figures figures) {
        return String.format(Locale.ROOT, "  %-26s  %-28s", who, figures.text(decimals()) + " " + unit);
    }

    private int decimals() {
        return switch (unit) {
            case "ns", "B", "" -> 0;
            case "GB/s", "M/s", "%" -> 2;
            default -> 1;
        };
    }

    private static String verdict(@Nullable Goal goal, Figures figures) {
        return goal != null ? goal.verdictOn(figures.median()) : "";
    }

    private static String line(String figures, String ratio, String verdict) {
        return String.format(Locale.ROOT, "%s  %-22s  %s", figures, ratio, verdict)
                        .stripTrailing()
                + System.lineSeparator();
    }
}
