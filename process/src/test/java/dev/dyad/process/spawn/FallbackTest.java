package dev.dyad.process.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What only the run of the second choices shows: that it is one.
@Tag("fallback")
class FallbackTest {

    @Test
    void a_run_of_the_second_choices_closes_each_surplus_descriptor_by_itself() {
        assertThat(EachNumberClosed.IS_NEEDED).isTrue();
    }
}
