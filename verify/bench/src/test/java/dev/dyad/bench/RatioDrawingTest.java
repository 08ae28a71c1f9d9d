package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a ratio is drawn, as one reads it from the axis.
class RatioDrawingTest {

    private static final Pattern CIRCLE = Pattern.compile("<circle class=\"\\w+\" cx=\"([0-9.]+)\"");
    private static final Pattern SPREAD =
            Pattern.compile("<line class=\"spread \\w+\" x1=\"([0-9.]+)\" y1=\"\\d+\" x2=\"([0-9.]+)\"");

    @ParameterizedTest
    @CsvSource({"0.02, 390.0", "0.1, 479.6", "1, 607.8", "10, 736.0"})
    void a_ratio_lies_at_its_tick(double ratio, String x) {
        String drawing = drawing(ratio, ratio, ratio);

        assertThat(tick(drawing, ratio)).isEqualTo(x);
        assertThat(CIRCLE.matcher(drawing).results().map(circle -> circle.group(1)))
                .containsExactly(x);
    }

    @ParameterizedTest
    @CsvSource({"0.001, 390.0", "500, 736.0"})
    void what_is_beyond_the_axis_lies_at_its_end(double ratio, String x) {
        assertThat(CIRCLE.matcher(drawing(ratio, ratio, ratio)).results().map(circle -> circle.group(1)))
                .containsExactly(x);
    }

    @Test
    void the_circle_is_at_the_median_and_the_line_from_the_smallest_to_the_largest() {
        String drawing = drawing(0.1, 0.5, 2);

        assertThat(CIRCLE.matcher(drawing).results().map(circle -> circle.group(1)))
                .containsExactly(tick(drawing, 0.5));
        assertThat(SPREAD.matcher(drawing).results().flatMap(line -> List.of(line.group(1), line.group(2)).stream()))
                .containsExactly(tick(drawing, 0.1), tick(drawing, 2));
    }

    /// Returns what is drawn of three rounds, ours ÷ theirs.
    private static String drawing(double first, double second, double third) {
        return RatioDrawing.of(List.of(Result.of("name", "ns", null, List.of(100 * first, 100 * second, 100 * third))
                .beside("them", null, List.of(100.0, 100.0, 100.0))));
    }

    /// Returns where the label of a number is.
    private static String tick(String drawing, double number) {
        String label = number < 1 ? String.valueOf(number) : String.valueOf((int) number);
        var tick = Pattern.compile("<text class=\"tick\" x=\"([0-9.]+)\" y=\"18\">" + Pattern.quote(label) + "<")
                .matcher(drawing);
        assertThat(tick.find()).isTrue();
        return tick.group(1);
    }
}
