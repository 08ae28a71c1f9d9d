package dev.dyad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What came of a case, round by round.
///
/// @param goal where the median of our own figures should lie, if that says something by itself
/// @param place where it lies on a curve, if on any
/// @param absent what should have been measured and could not be
record Result(
        String name,
        String unit,
        @Nullable Goal goal,
        @Nullable CurvePoint place,
        Figures ours,
        List<Versus> beside,
        List<Absent> absent) {

    /// Who is [Absent] if we are.
    private static final String OURS = "ours";

    private static final Set<String> OUR_OWN = Set.of(
            "Requests.call",
            "a channel to each",
            "bare calls",
            "bare calls that block",
            "four bare calls",
            "in turn, one platform thread",
            "in turn, one virtual thread",
            "not recycled",
            "our plain sockets",
            "the median request",
            "two bare calls",
            "without",
            "without spin");

    /// What stands above the tables of all results.
    static final String LEGEND = """
            A figure is the median of its rounds (the smallest to the largest). Below each
            that ours stands beside: ours ÷ it, taken round by round, and what that means.
            Inside the noise is what the rounds leave open: the 95 % interval of the median
            (of fewer than six rounds: all of them) has 1 in it.
            """;

    /// A rival's figures, and ours ÷ theirs of the same round.
    ///
    /// @param goal where the median of the ratio should lie, if anywhere
    record Versus(
            String rival,
            Figures theirs,
            Figures ratio,
            @Nullable Goal goal) {

        Versus {
            Objects.requireNonNull(rival, "rival");
            Objects.requireNonNull(theirs, "theirs");
            Objects.requireNonNull(ratio, "ratio");
        }

        /// Says whether this is Dyad in another way, or the calls below it: the ratio is a cost then, and nobody's
        /// victory.
        boolean isOurOwn() {
            return OUR_OWN.contains(rival);
        }

        /// Returns what the ratio should be and whether it is, or nothing.
        String goalOfRatio() {
            return goal != null ? goal.verdictOn(ratio) : "";
        }
    }

    /// Something that could not be measured.
    ///
    /// @param why what is not on this machine, in a sentence
    record Absent(String who, String why) {

        Absent {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(why, "why");
        }

        /// Returns it as `not measured: there is no node on this machine`.
        String text() {
            return "not measured: " + why;
        }
    }

    Result {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(ours, "ours");
        Objects.requireNonNull(beside, "beside");
        Objects.requireNonNull(absent, "absent");
    }

    static Result of(String name, String unit, @Nullable Goal goal, List<Double> ours) {
        return new Result(name, unit, goal, null, Figures.of(ours), List.of(), List.of());
    }

    /// Returns what came of a case for which something of ours was not there.
    static Result ofNothing(String name, String unit, String why) {
        var nothing = new Figures(0, 0, 0, List.of());
        return new Result(name, unit, null, null, nothing, List.of(), List.of(new Absent(OURS, why)));
    }

    /// Returns this, with one more who could not be measured.
    Result without(String rival, String why) {
        var all = new ArrayList<>(absent);
        all.add(new Absent(rival, why));
        return new Result(name, unit, goal, place, ours, beside, List.copyOf(all));
    }

    /// Says whether there are any figures.
    boolean isMeasured() {
        return absent.stream().noneMatch(each -> each.who().equals(OURS));
    }

    /// Returns this, held against one more rival.
    Result beside(String rival, @Nullable Goal goal, List<Double> theirs) {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < theirs.size(); round++) {
            ratios.add(ours.rounds().get(round) / theirs.get(round));
        }
        var all = new ArrayList<>(beside);
        all.add(new Versus(rival, Figures.of(theirs), Figures.of(ratios), goal));
        return new Result(name, unit, this.goal, place, ours, List.copyOf(all), absent);
    }

    /// Returns this as a point of a curve.
    Result at(String curve, String along, double value) {
        return new Result(name, unit, goal, new CurvePoint(curve, along, value), ours, beside, absent);
    }

    /// Returns a small table for people, 80 columns wide: ours, and below it those that it is held against.
    String text() {
        return text(true);
    }

    /// Returns that table, with or without ratios.
    String text(boolean isHeldAgainst) {
        var table = new StringBuilder();
        int rounds = ours.rounds().size();
        table.append(name).append(rounds == 0 ? "" : ", rounds: " + rounds).append(System.lineSeparator());
        if (isMeasured()) {
            table.append(line(who(OURS, ours), isHeldAgainst ? goalOfOurs() : ""));
        }
        for (Versus each : beside) {
            String ratio = each.ratio().ratioText() + "  " + Quantity.of(unit).inWords(each.ratio());
            table.append(line(who(each.rival(), each.theirs()), ""));
            if (isHeldAgainst) {
                table.append(line("    ÷ " + ratio, each.goalOfRatio()));
            }
        }
        for (Absent each : absent) {
            table.append(line(String.format(Locale.ROOT, "  %-24s  %s", each.who(), each.text()), ""));
        }
        return table.toString();
    }

    /// Returns somebody's figures with their unit.
    String figures(Figures figures) {
        return (figures.text(Quantity.decimals(unit, figures.median())) + " " + unit).strip();
    }

    /// Returns what our own figure should be and whether it is, or nothing.
    String goalOfOurs() {
        if (goal == null) {
            return "";
        }
        return unit.equals(Shape.UNIT) ? Shape.verdict(goal, ours) : goal.verdictOn(ours, unit);
    }

    private String who(String who, Figures figures) {
        return String.format(Locale.ROOT, "  %-24s  %s", who, figures(figures));
    }

    private static String line(String text, String verdict) {
        boolean fits = text.length() + 2 + verdict.length() <= Lines.TERMINAL;
        String between = fits ? "; " : ";" + System.lineSeparator() + "      ";
        return (verdict.isEmpty() ? text : text + between + verdict) + System.lineSeparator();
    }
}
