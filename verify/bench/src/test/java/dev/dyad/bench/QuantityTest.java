package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.bench.Quantity.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "ns, 1.16, 16 % more time",
        "ms, 0.79, 21 % less time",
        "µs, 2.16, 2.2 times the time",
        "µs, 0.06, 1/17 of the time",
        "µs, 1.004, less than 1 % more time",
        "GB/s, 1.30, 30 % more throughput",
        "M/s, 5.44, 5.4 times the throughput",
        "B, 1.09, 9 % more memory",
        "%, 0.5, 50 % less CPU",
        "'', 0.002, 1/500 as many",
        "µs, -0.01, nothing measurable",
        "'', 1.25, 25 % more"
    })
    void a_ratio_is_said_in_the_words_of_what_it_is_of(String unit, double ratio, String words) {
        assertThat(Quantity.of(unit).inWords(always(ratio))).isEqualTo(words);
    }

    @Test
    void less_is_better_but_where_it_is_a_rate() {
        assertThat(Quantity.TIME.verdict(always(0.9))).isEqualTo(Verdict.BETTER);
        assertThat(Quantity.TIME.verdict(always(1.1))).isEqualTo(Verdict.WORSE);
        assertThat(Quantity.THROUGHPUT.verdict(always(0.9))).isEqualTo(Verdict.WORSE);
        assertThat(Quantity.THROUGHPUT.verdict(always(1.1))).isEqualTo(Verdict.BETTER);
    }

    @Test
    void what_the_rounds_leave_open_is_inside_the_noise() {
        var open = Figures.of(List.of(0.98, 1.2, 1.1, 1.1, 1.1, 1.1));

        assertThat(Quantity.TIME.verdict(open)).isEqualTo(Verdict.NOISE);
        assertThat(Quantity.TIME.inWords(open)).isEqualTo("inside the noise");
    }

    @Test
    void one_round_outside_among_many_leaves_nothing_open() {
        var all = DoubleStream.concat(
                DoubleStream.of(0.5),
                DoubleStream.iterate(1.1, one -> one + 0.01).limit(8));

        assertThat(Quantity.TIME.verdict(Figures.of(all.boxed().toList()))).isEqualTo(Verdict.WORSE);
    }

    @Test
    void of_two_rounds_nobody_can_tell() {
        assertThat(Quantity.TIME.inWords(Figures.of(List.of(2.0, 2.1)))).isEqualTo("too few rounds to tell");
    }

    @Test
    void beside_nothing_there_is_no_ratio() {
        assertThat(Quantity.CPU.inWords(always(Double.POSITIVE_INFINITY))).isEqualTo("no ratio: theirs is 0");
    }

    private static Figures always(double ratio) {
        return Figures.of(Collections.nCopies(7, ratio));
    }
}
