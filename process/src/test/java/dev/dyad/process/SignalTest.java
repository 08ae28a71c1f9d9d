package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignalTest {

    @ParameterizedTest
    @EnumSource
    void its_number_is_the_one_the_shell_knows(Signal signal) throws Exception {
        assertThat(Talk.answer(Talk.sh("kill -l " + signal.number() + " >&3"))).isEqualTo(signal.name() + "\n");
    }

    @Test
    void no_two_are_the_same() {
        assertThat(Arrays.stream(Signal.values()).map(Signal::number)).doesNotHaveDuplicates();
    }
}
