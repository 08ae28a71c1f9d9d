package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({
        "1.1, 1.10",
        "0.102, 0.10",
        "0.0714, 0.071",
        "0.0089, 0.0089",
        "0.00001, 0.0000",
        "0, 0.00",
        "-0.01, -0.01"
    })
    void a_small_ratio_has_as_many_decimals_as_show_it(double ratio, String text) {
        var always = Figures.of(List.of(ratio, ratio, ratio));

        assertThat(always.ratioMedian()).isEqualTo(text);
        assertThat(always.ratioText()).isEqualTo("%s (%s to %s)", text, text, text);
    }

    @Test
    void a_ratio_that_was_kept_without_its_rounds_has_no_more_digits_than_were() {
        assertThat(new Figures(0.06, 0.05, 0.89, List.of()).ratioText()).isEqualTo("0.06 (0.05 to 0.89)");
    }

    @Test
    void the_middle_of_an_odd_number_is_one_of_them() {
        assertThat(Figures.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Figures(2, 1, 9, List.of(9.0, 1.0, 2.0)));
    }

    @Test
    void the_middle_of_an_even_number_lies_between_two() {
        assertThat(Figures.of(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @Test
    void the_text_has_a_decimal_point_wherever_one_is() {
        assertThat(Figures.of(List.of(1.049, 1.2, 1.1)).text(2)).isEqualTo("1.10 (1.05 to 1.20)");
    }

    /// Of the chances that a coin tossed so often falls on one side at most so many times.
    @ParameterizedTest
    @CsvSource({"5, 1, 5", "6, 1, 6", "9, 2, 8", "15, 4, 12", "25, 8, 18"})
    void the_median_lies_with_95_percent_between_two_of_the_rounds(int rounds, double low, double high) {
        List<Double> figures =
                IntStream.rangeClosed(1, rounds).asDoubleStream().boxed().toList();

        assertThat(Figures.of(figures).interval()).isEqualTo(new Figures.Interval(low, high));
    }

    @Test
    void where_the_rounds_were_not_kept_it_lies_between_the_smallest_and_the_largest() {
        assertThat(new Figures(2, 1, 3, List.of()).interval()).isEqualTo(new Figures.Interval(1, 3));
        assertThat(new Figures(2, 2, 2, List.of()).text(1)).isEqualTo("2.0");
    }
}
