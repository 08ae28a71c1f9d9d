package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveChartTest {

    @Test
    void each_curve_has_a_color_of_its_own() {
        var range = chart(CurveChart.COLORS.size()).spec().at("/encoding/color/scale/range");

        assertThat(range.valueStream().map(color -> color.asString()))
                .hasSize(CurveChart.COLORS.size())
                .doesNotHaveDuplicates();
    }

    @Test
    void one_more_than_there_are_colors_is_a_mistake() {
        CurveChart chart = chart(CurveChart.COLORS.size() + 1);

        assertThatIllegalStateException()
                .isThrownBy(chart::spec)
                .withMessageContaining("no color is left for rival " + CurveChart.COLORS.size());
    }

    /// Of a run that is over, the page would be missing.
    @Test
    void all_that_are_measured_in_two_processes_have_a_color() {
        int others = List.of(OtherLinks.PYTHON, OtherLinks.PHP, OtherLinks.NODE).size();

        assertThat(LinkedPeer.values().length + others).isLessThanOrEqualTo(CurveChart.COLORS.size());
    }

    @Test
    void each_color_is_there_in_the_light_in_the_dark_and_on_paper() {
        String style = VegaLite.text("report.css");

        assertThat(CurveChart.COLORS).allSatisfy(color -> {
            String name = color.replaceAll("var\\((.*)\\)", "$1");
            assertThat(style.split(name + ": #", -1)).hasSize(1 + 3);
        });
    }

    /// Returns a chart of so many curves, ours among them.
    private static CurveChart chart(int curves) {
        List<Double> rounds = List.of(1.0, 2.0, 3.0);
        List<Result> results = IntStream.of(10, 100)
                .mapToObj(ends -> {
                    Result result = Result.of(ends + " ends", "ns", null, rounds);
                    for (int i = 1; i < curves; i++) {
                        result = result.beside("rival " + i, null, rounds);
                    }
                    return result.at("ends", "ends", ends);
                })
                .toList();
        return CurveChart.of(results).getFirst();
    }
}
