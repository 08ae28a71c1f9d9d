package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.posix.Linking;
import dev.dyad.process.Spawn.Surplus;
import org.junit.jupiter.api.Test;

class SurplusTest {

    @Test
    void the_child_closes_it_where_the_library_can() {
        boolean can = Linking.has("posix_spawn_file_actions_addclosefrom_np");

        assertThat(Surplus.choose("")).isEqualTo(can ? Surplus.CLOSE_IN_CHILD : Surplus.CLOSE_ON_EXEC);
    }

    @Test
    void the_other_way_can_be_forced() {
        assertThat(Surplus.choose("cloexec")).isEqualTo(Surplus.CLOSE_ON_EXEC);
    }

    @Test
    void anything_else_is_refused_in_a_sentence() {
        assertThatThrownBy(() -> Surplus.choose("fork"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dyad.spawn is \"cloexec\" or not set, not \"fork\"");
    }
}
