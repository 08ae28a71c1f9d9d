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
        String said = "In %d ratios, ours is better %d times, worse %d, and %d are inside the noise"
                .formatted(better + worse + noise + unknown, better, worse, noise);
        return met + said + (unknown == 0 ? "." : "; %d have too few rounds.".formatted(unknown));
    }

    private void add(Result result) {
        note(
                result.goal(),
                result.ours(),
                result.name() + ": " + result.figures(result.ours()) + ", " + result.goalOfOurs());
        for (Versus each : result.beside()) {
            switch (Quantity.of(result.unit()).verdict(each.ratio())) {
                case NOISE -> noise++;
                case UNKNOWN -> unknown++;
                case BETTER -> better++;
                case WORSE -> worse++;
            }
            String ratio =
                    result.name() + " ÷ " + each.rival() + ": " + each.ratio().ratioText();
            note(each.goal(), each.ratio(), ratio + ", " + each.goalOfRatio());
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
