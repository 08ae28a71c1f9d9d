package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.bench.Case.Rival;
import dev.dyad.bench.Result.Versus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaseTest {

    private final List<String> order = new ArrayList<>();

    @Test
    void who_goes_first_changes_with_every_round() throws Exception {
        var contest = new Case("c", "ns", noted("ours", 1), rival("C", 1), rival("JDK", 1));

        Result _ = contest.run(3, new Progress());

        assertThat(order).containsExactly("C", "JDK", "ours", "ours", "JDK", "C", "C", "JDK", "ours");
    }

    @Test
    void a_ratio_is_of_one_round_and_not_of_two_medians() throws Exception {
        var result = new Case("c", "ns", noted("ours", 2, 30), rival("C", 1, 10)).run(2, new Progress());

        assertThat(result.beside())
                .extracting(Versus::ratio)
                .containsExactly(new Figures(2.5, 2, 3, List.of(2.0, 3.0)));
    }

    @Test
    void each_rival_has_a_row_with_its_own_goal() throws Exception {
        var result = new Case(
                        "pass",
                        "ns",
                        noted("ours", 1000),
                        new Rival("C", Goal.atMost(1.12), noted("C", 800)),
                        new Rival("JDK", null, noted("JDK", 2000)))
                .run(3, new Progress());

        assertThat(result.text().lines())
                .extracting(line -> line.replaceAll(" {2,}", "|"))
                .containsExactly(
                        "pass, rounds: 3",
                        "|ours|1,000 (1,000 to 1,000) ns",
                        "|C|800 (800 to 800) ns",
                        "|÷ 1.25 (1.25 to 1.25)|25 % more time; at most 1.12: missed",
                        "|JDK|2,000 (2,000 to 2,000) ns",
                        "|÷ 0.50 (0.50 to 0.50)|50 % less time");
    }

    @Test
    void a_point_of_a_curve_says_so() throws Exception {
        Result result = new Case("c", "ns", noted("ours", 1), rival("C", 1))
                .at("cost", "ends", 10)
                .run(1, new Progress());

        assertThat(result.place()).isEqualTo(new CurvePoint("cost", "ends", 10));
    }

    @Test
    void what_has_no_rival_is_held_against_its_goal() throws Exception {
        var result = new Case("idle", "%", Goal.atMost(0.5), noted("ours", 0.6), List.of()).run(3, new Progress());

        assertThat(result.beside()).isEmpty();
        assertThat(result.text()).contains("0.60 (0.60 to 0.60) %").contains("at most 0.50 %: missed");
    }

    private Rival rival(String name, double... figures) {
        return new Rival(name, null, noted(name, figures));
    }

    private Contender noted(String name, double... figures) {
        var calls = new ArrayList<Double>();
        return () -> {
            order.add(name);
            double figure = figures[calls.size() % figures.length];
            calls.add(figure);
            return figure;
        };
    }
}
