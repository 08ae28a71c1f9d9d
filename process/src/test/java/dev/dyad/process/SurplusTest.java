package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.posix.Linking;
import org.junit.jupiter.api.Test;

class SurplusTest {

    @Test
    void one_action_closes_it_where_the_library_can() {
        boolean can = Linking.has("posix_spawn_file_actions_addclosefrom_np");

        assertThat(Surplus.choose("")).isEqualTo(can ? Surplus.FROM : Surplus.EACH);
    }

    @Test
    void the_other_way_can_be_forced() {
        assertThat(Surplus.choose("each")).isEqualTo(Surplus.EACH);
    }

    @Test
    void anything_else_is_refused_in_a_sentence() {
        assertThatThrownBy(() -> Surplus.choose("fork"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dyad.spawn is \"each\" or not set, not \"fork\"");
    }
}
