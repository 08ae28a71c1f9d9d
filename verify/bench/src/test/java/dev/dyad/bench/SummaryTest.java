package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void it_counts_what_was_met_and_what_the_ratios_show() {
        assertThat(Summary.of(SampleRuns.one()).text())
                .startsWith("4 of 6 goals are met. ")
                .endsWith(
                        "Of 7 ratios to others, ours is better in 1, worse in 4, and 1 is inside the noise; 1 has too few rounds.");
    }

    @Test
    void a_goal_that_was_missed_is_named_with_its_figure() {
        assertThat(Summary.of(SampleRuns.one()).missed())
                .containsExactly(
                        SampleRuns.NASTY + " ÷ C: 1.25 (1.25 to 1.25), at most 1.12: missed",
                        "1000 ends: 1,000 (980 to 1,010) µs, at most 100 µs: missed");
    }

    @Test
    void what_is_ours_in_another_way_is_nobody_to_be_better_than() {
        List<Double> rounds = List.of(1.0, 1.0, 1.0);
        var result = Result.of("name", "ns", null, rounds)
                .beside("without spin", null, List.of(2.0, 2.0, 2.0))
                .beside("C", null, List.of(2.0, 2.0, 2.0));

        assertThat(Summary.of(runOf(result)).text())
                .isEqualTo("Of 1 ratio to others, ours is better in 1, worse in 0, and 0 are inside the noise."
                        + " 1 more is to Dyad itself in another way, or to the calls below it.");
    }

    @Test
    void a_run_that_compares_nothing_says_nothing() {
        assertThat(Summary.of(runOf(Result.of("name", "ns", null, List.of(1.0))))
                        .text())
                .isEmpty();
    }

    private static BenchmarkRun runOf(Result result) {
        var suite = new SuiteRun("pair", 1, null, List.of(result));
        return new BenchmarkRun(SampleRuns.one().machine(), Map.of(), List.of(suite));
    }

    @Test
    void one_round_is_too_few() {
        var result = Result.of("name", "ns", null, List.of(1.0)).beside("C", Goal.atMost(1), List.of(2.0));

        assertThat(Summary.of(runOf(result)).text())
                .isEqualTo("So few rounds show that it runs, and nothing of how fast.");
    }
}
