package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

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
}
