package dev.dyad.process.inherited;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NumberVariableTest {

    @Test
    void numbers_are_read_up_to_the_largest() {
        assertThat(NumberVariable.of(Map.of("N", "0"), "N", 7)).isZero();
        assertThat(NumberVariable.of(Map.of("N", "7"), "N", 7)).isEqualTo(7);
        assertThatThrownBy(() -> NumberVariable.of(Map.of("N", "8"), "N", 7)).hasMessage("N is out of range: 8");
        assertThatThrownBy(() -> NumberVariable.of(Map.of("N", "18446744073709551615"), "N", Long.MAX_VALUE))
                .hasMessage("N is out of range: 18446744073709551615");
    }
}
