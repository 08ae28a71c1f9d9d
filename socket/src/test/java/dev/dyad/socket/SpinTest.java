package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpinTest {

    private final Spin spin = new Spin();

    @Test
    void short_waits_bring_it_and_long_ones_end_it() {
        assertThat(spins()).isFalse();

        spin.waited(Spin.LONGEST);
        assertThat(spins()).isEqualTo(Spin.SPINNERS > 0);

        spin.waited(Spin.LONGEST + 1);
        assertThat(spins()).isFalse();
    }

    @Test
    void credit_is_lost_within_a_few_waits() {
        for (int i = 0; i < 1000; i++) {
            spin.waited(1);
        }
        for (int i = 0; i < 5; i++) {
            spin.waited(Long.MAX_VALUE);
        }

        assertThat(spins()).isFalse();
    }

    @Test
    void on_one_core_nobody_spins() {
        assertThat(Spin.SPINNERS).isLessThan(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void no_more_than_half_of_the_cores_spin() {
        int most = Spin.SPINNERS;
        spin.waited(1);
        for (int i = 0; i < most; i++) {
            var other = new Spin();
            other.waited(1);
            assertThat(other.begin()).isTrue();
        }
        try {
            assertThat(spin.begin()).isFalse();
        } finally {
            for (int i = 0; i < most; i++) {
                Spin.end();
            }
        }
        assertThat(spins()).isEqualTo(most > 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_reader_spins_and_a_writer_does_not(boolean forWriting) {
        var direction = new NativeDirection(new OwnedFd(0, number -> {}), forWriting);
        direction.waited(1);

        boolean begun = direction.beginSpin();
        if (begun) {
            Spin.end();
        }

        assertThat(begun).isEqualTo(!forWriting && Spin.SPINNERS > 0);
    }

    private boolean spins() {
        boolean begun = spin.begin();
        if (begun) {
            Spin.end();
        }
        return begun;
    }
}
