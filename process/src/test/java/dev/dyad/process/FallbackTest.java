package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What only the run of the second choices shows: that it is one.
@Tag("fallback")
class FallbackTest {

    @Test
    void it_is_the_one_that_runs() {
        assertThat(Surplus.CHOSEN).isEqualTo(Surplus.EACH);
    }
}
