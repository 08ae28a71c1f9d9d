package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run comes to.
final class Summary {

    private final List<String> missed = new ArrayList<>();
    private int goals;
    private int better;
    private int worse;
    private int noise;
    private int unknown;
    private int ourOwn;

    private Summary() {}

    static Summary of(BenchmarkRun run) {
        var summary = new Summary();
        run.suites().forEach(suite -> suite.results().forEach(summary::add));
        return summary;
    }

    /// Returns the goals that were missed, each as a line.
    List<String> missed() {
        return missed;
    }

    /// Returns it in a sentence or two.
    String text() {
        if (goals + better + worse + noise == 0 && unknown > 0) {
            return "So few rounds show that it runs, and nothing of how fast.";
        }
        String met = goals == 0 ? "" : "%d of %d goals are met. ".formatted(goals - missed.size(), goals);
        int all = better + worse + noise + unknown;
        String said = all == 0
                ? ""
                : "Of %d %s to others, ours is better in %d, worse in %d, and %d %s inside the noise"
                        .formatted(all, all == 1 ? "ratio" : "ratios", better, worse, noise, noise == 1 ? "is" : "are");
        String few = unknown == 0 ? "" : "; %d %s too few rounds".formatted(unknown, unknown == 1 ? "has" : "have");
        String own = ourOwn == 0
                ? ""
                : " %d more %s to Dyad itself in another way, or to the calls below it."
                        .formatted(ourOwn, ourOwn == 1 ? "is" : "are");
        return (met + said + few + (all == 0 ? "" : ".") + own).strip();
    }

    private void add(Result result) {
        note(
                result.goal(),
                result.ours(),
                result.name() + ": " + result.figures(result.ours()) + ", " + result.goalOfOurs());
        for (Versus each : result.beside()) {
            count(Quantity.of(result.unit()), each);
            String ratio =
                    result.name() + " ÷ " + each.rival() + ": " + each.ratio().ratioText();
            note(each.goal(), each.ratio(), ratio + ", " + each.goalOfRatio());
        }
    }

    private void count(Quantity quantity, Versus versus) {
        if (versus.isOurOwn()) {
            ourOwn++;
            return;
        }
        switch (quantity.verdict(versus.ratio())) {
            case NOISE -> noise++;
            case UNKNOWN -> unknown++;
            case BETTER -> better++;
            case WORSE -> worse++;
        }
    }

    private void note(@Nullable Goal goal, Figures figures, String sentence) {
        if (goal == null || figures.isTooFew()) {
            return;
        }
        goals++;
        if (!goal.isMetBy(figures.median())) {
            missed.add(sentence);
        }
    }
}
