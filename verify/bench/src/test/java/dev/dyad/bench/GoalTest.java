package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTest {

    @Test
    void a_duration_should_be_small() {
        assertThat(Goal.atMost(1.12).verdictOn(rounds(1.12))).isEqualTo("at most 1.12: met");
        assertThat(Goal.atMost(1.12).verdictOn(rounds(1.13))).isEqualTo("at most 1.12: missed");
    }

    @Test
    void a_goal_among_the_rounds_is_met_or_missed_by_less_than_they_differ() {
        var around = Figures.of(List.of(0.87, 0.9, 0.94, 0.96, 0.99));

        assertThat(Goal.atLeast(0.95).verdictOn(around)).isEqualTo("at least 0.95: missed, by less than the noise");
        assertThat(Goal.atLeast(0.93).verdictOn(around)).isEqualTo("at least 0.93: met, by less than the noise");
        assertThat(Goal.atLeast(0.87).verdictOn(around)).isEqualTo("at least 0.87: met");
    }

    @Test
    void a_rate_should_be_large() {
        assertThat(Goal.atLeast(0.95).verdictOn(rounds(0.95))).isEqualTo("at least 0.95: met");
        assertThat(Goal.atLeast(0.95).verdictOn(rounds(0.94))).isEqualTo("at least 0.95: missed");
    }

    @Test
    void a_figure_of_our_own_has_a_unit() {
        assertThat(Goal.atMost(1000).verdictOn(rounds(132), "µs")).isEqualTo("at most 1,000 µs: met");
    }

    @Test
    void one_round_says_nothing_of_a_goal() {
        assertThat(Goal.atMost(1.12).verdictOn(Figures.of(List.of(1.0))))
                .isEqualTo("at most 1.12: too few rounds to tell");
    }

    private static Figures rounds(double figure) {
        return Figures.of(Collections.nCopies(5, figure));
    }
}
