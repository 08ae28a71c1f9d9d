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
                        "In 7 ratios, ours is better 1 times, worse 4, and 1 are inside the noise; 1 have too few rounds.");
    }

    @Test
    void a_goal_that_was_missed_is_named_with_its_figure() {
        assertThat(Summary.of(SampleRuns.one()).missed())
                .containsExactly(
                        SampleRuns.NASTY + " ÷ C: 1.25 (1.25 to 1.25), at most 1.12: missed",
                        "1000 ends: 1,000 (980 to 1,010) µs, at most 100 µs: missed");
    }

    @Test
    void one_round_is_too_few() {
        var result = Result.of("name", "ns", null, List.of(1.0)).beside("C", Goal.atMost(1), List.of(2.0));
        var suite = new SuiteRun("pair", 1, null, List.of(result));
        var run = new BenchmarkRun(SampleRuns.one().machine(), Map.of(), List.of(suite));

        assertThat(Summary.of(run).text()).isEqualTo("So few rounds show that it runs, and nothing of how fast.");
    }
}
