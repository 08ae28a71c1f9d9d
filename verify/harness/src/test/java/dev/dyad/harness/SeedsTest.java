package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedsTest {

    private final Properties before = (Properties) System.getProperties().clone();

    @AfterEach
    void restore() {
        System.setProperties(before);
    }

    @Test
    void there_are_twenty_new_ones_each_time_in_ci() {
        System.setProperty("seed", "");
        System.setProperty("dyad.length", "ci");

        assertThat(Seeds.fresh().toArray())
                .hasSize(20)
                .doesNotHaveDuplicates()
                .isNotEqualTo(Seeds.fresh().toArray());
    }

    @Test
    void a_long_run_has_ten_times_as_many() {
        System.clearProperty("seed");
        System.setProperty("dyad.length", "long");

        assertThat(Seeds.fresh()).hasSize(200);
        assertThat(Seeds.few()).hasSize(20);
    }

    @Test
    void a_short_run_has_a_tenth_and_never_none() {
        System.clearProperty("seed");
        System.clearProperty("dyad.length");

        assertThat(Seeds.fresh()).hasSize(2);
        assertThat(Seeds.few()).hasSize(1);
    }

    @Test
    void a_length_that_is_none_is_refused() {
        System.clearProperty("seed");
        System.setProperty("dyad.length", "true");

        assertThatThrownBy(Seeds::fresh).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_one_that_is_named_is_the_only_one() {
        System.setProperty("seed", "-42");

        assertThat(Seeds.fresh()).containsExactly(-42L);
    }

    @Test
    void what_is_no_number_is_refused() {
        System.setProperty("seed", "x");

        assertThatThrownBy(Seeds::fresh).isInstanceOf(NumberFormatException.class);
    }
}
