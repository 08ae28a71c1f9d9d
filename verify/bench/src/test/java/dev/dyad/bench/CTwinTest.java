package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CTwinTest {

    @Test
    void both_of_its_figures_are_nanoseconds_of_a_few_calls() throws Exception {
        try (var twin = CTwin.compile()) {
            assertThat(twin.nanosOf("write-read", Duration.ofMillis(20)).measure())
                    .isBetween(50.0, 1e6);
            assertThat(twin.nanosOf("open-close", Duration.ofMillis(20)).measure())
                    .isBetween(50.0, 1e6);
        }
    }

    @Test
    void a_question_that_it_does_not_know_is_an_error() throws Exception {
        try (var twin = CTwin.compile()) {
            assertThatThrownBy(() ->
                            twin.nanosOf("read-write", Duration.ofMillis(20)).measure())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("exit code 2");
        }
    }
}
