package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ShapeTest {

    private static final Offset<Double> EXACTLY = within(1e-9);

    @Test
    void a_cost_that_grows_is_so_many_times_the_first() {
        assertThat(Shape.CONSTANT.deviation(numbers(1, 2, 3), numbers(10, 9, 10)))
                .isEqualTo(1, EXACTLY);
        assertThat(Shape.CONSTANT.deviation(numbers(1, 2, 3), numbers(10, 25, 20)))
                .isEqualTo(2.5, EXACTLY);
    }

    @Test
    void a_rate_may_rise_and_not_fall() {
        assertThat(Shape.NEVER_FALLING.deviation(numbers(1, 2, 3), numbers(1, 2, 8)))
                .isEqualTo(1, EXACTLY);
        assertThat(Shape.NEVER_FALLING.deviation(numbers(1, 2, 3), numbers(1, 8, 4)))
                .isEqualTo(2, EXACTLY);
    }

    @Test
    void a_constant_and_so_much_for_each_one_is_a_line() {
        assertThat(Shape.LINE.deviation(numbers(64, 1024, 65536), numbers(1064, 2024, 66536)))
                .isEqualTo(1, EXACTLY);
        assertThat(Shape.LINE.deviation(numbers(1, 10, 100), numbers(7, 70, 700)))
                .isEqualTo(1, EXACTLY);
        assertThat(Shape.LINE.deviation(numbers(1, 10, 100), numbers(7, 7, 7))).isEqualTo(1, EXACTLY);
    }

    @Test
    void what_grows_with_the_square_or_falls_is_no_line() {
        assertThat(Shape.LINE.deviation(numbers(1, 10, 100), numbers(1, 100, 10_000)))
                .isGreaterThan(3);
        assertThat(Shape.LINE.deviation(numbers(1, 10, 100), numbers(100, 10, 1)))
                .isGreaterThan(3);
    }

    @Test
    void neither_the_constant_nor_the_slope_of_a_line_is_less_than_nothing() {
        assertThat(FittedLine.through(numbers(1, 10, 100), numbers(1, 100, 10_000))
                        .constant())
                .isZero();
        assertThat(FittedLine.through(numbers(1, 10, 100), numbers(100, 10, 1)).slope())
                .isZero();
    }

    @Test
    void a_row_says_of_each_round_how_far_off_it_is_and_whether_that_was_expected() {
        List<Result> points = List.of(point(10, 100.0, 100.0, 100.0), point(1000, 110.0, 150.0, 130.0));

        Result row = Shape.CONSTANT.of("it does not grow", 1.2, points);

        assertThat(row.ours().rounds()).containsExactly(1.1, 1.5, 1.3);
        assertThat(row.text().lines())
                .extracting(line -> line.replaceAll(" {2,}", "|"))
                .containsExactly(
                        "shape: it does not grow, rounds: 3",
                        "|ours|1.30 (1.10 to 1.50) ×;", // the whole would be too wide
                        "|at most 1.20 ×: not as expected");
        assertThat(Shape.CONSTANT.of("it does not grow", 1.3, points).goalOfOurs())
                .isEqualTo("at most 1.30 ×: as expected");
    }

    private static Result point(double number, Double... figures) {
        return Result.of("cost", "ns", null, List.of(figures)).at("cost", "ends", number);
    }

    private static double[] numbers(double... numbers) {
        return numbers;
    }
}
