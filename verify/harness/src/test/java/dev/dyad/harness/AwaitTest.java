package dev.dyad.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void it_looks_until_the_condition_holds() {
        var looks = new AtomicInteger();

        Await.until(() -> looks.incrementAndGet() == 3, Duration.ofSeconds(10));

        assertThat(looks).hasValue(3);
    }

    @Test
    void it_fails_after_the_limit() {
        assertThatThrownBy(() -> Await.until(() -> false, Duration.ofMillis(5)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PT0.005S");
    }
}
