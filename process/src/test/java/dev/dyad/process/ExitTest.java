package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitTest {

    @Test
    void a_shell_tells_a_signal_by_128_and_its_number() {
        assertThat(new Exit.Exited(0).shellCode()).isZero();
        assertThat(new Exit.Exited(255).shellCode()).isEqualTo(255);
        assertThat(new Exit.Signaled(9, false).shellCode()).isEqualTo(137);
        assertThat(new Exit.Signaled(11, true).shellCode()).isEqualTo(139);
    }
}
