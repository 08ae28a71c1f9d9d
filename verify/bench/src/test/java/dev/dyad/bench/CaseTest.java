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
        new Case("c", "ns", 1, noted("ours", 1), new Rival("C", noted("C", 1))).run(3, new Progress());

        assertThat(order).containsExactly("C", "ours", "ours", "C", "C", "ours");
    }

    @Test
    void a_ratio_is_of_one_round_and_not_of_two_medians() throws Exception {
        var result =
                new Case("c", "ns", 1, noted("ours", 2, 30), new Rival("C", noted("C", 1, 10))).run(2, new Progress());

        assertThat(result.versus()).extracting(Versus::ratio).isEqualTo(new Figures(2.5, 2, 3, List.of(2.0, 3.0)));
    }

    @Test
    void what_has_no_rival_is_held_against_its_goal() throws Exception {
        var result = new Case("first use", "ms", 140, noted("ours", 150), null).run(1, new Progress());

        assertThat(result.versus()).isNull();
        assertThat(result.text()).contains("150.0 (150.0 to 150.0) ms").contains("missed: at most 140.00 ms");
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
