package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void a_line_is_as_long_as_it_may_be() {
        assertThat(Lines.wrapped("ab cd ef", 5)).isEqualTo("ab cd\nef");
        assertThat(Lines.wrapped("ab cd ef", 8)).isEqualTo("ab cd ef");
    }

    @Test
    void a_word_that_is_too_long_has_a_line_of_its_own() {
        assertThat(Lines.wrapped("ab cdefgh ij", 4)).isEqualTo("ab\ncdefgh\nij");
    }
}
