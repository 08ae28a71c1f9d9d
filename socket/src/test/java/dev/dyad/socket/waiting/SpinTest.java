package dev.dyad.socket.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.fd.Fd;
import dev.dyad.socket.fd.WaitStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpinTest {

    private static final long MILLI = 1_000_000;
    private static final long NOW = SpinChoice.KNOWN * MILLI;

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "16, 8"})
    void half_of_the_cores_may_spin(int cores, int most) {
        assertThat(Spin.spinners(false, cores)).isEqualTo(most);
    }

    @Test
    void on_one_core_nobody_spins() {
        var spin = talkative(new Spin(Spin.spinners(false, 1)));

        assertThat(spin.pays()).isFalse();
        assertThat(begins(spin)).isFalse();
    }

    @Test
    void nobody_spins_where_it_is_switched_off() {
        var spin = talkative(new Spin(Spin.spinners(true, 16)));

        assertThat(spin.pays()).isFalse();
        assertThat(begins(spin)).isFalse();
    }

    @Test
    void what_has_not_waited_yet_does_not_spin() {
        assertThat(begins(new Spin(2))).isFalse();
    }

    @Test
    void no_more_than_that_spin_at_once() {
        assertThat(talkative(new Spin(2)).begin(NOW)).isTrue();
        try {
            assertThat(talkative(new Spin(2)).begin(NOW)).isTrue();
            try {
                assertThat(begins(talkative(new Spin(2)))).isFalse();
            } finally {
                Spin.end();
            }
            assertThat(begins(talkative(new Spin(2)))).isTrue();
        } finally {
            Spin.end();
        }
    }

    @Test
    void a_spin_that_failed_is_not_begun_again() {
        var spin = talkative(new Spin(2));
        assertThat(begins(spin)).isTrue();

        spin.waited(2 * SpinChoice.LOSS, NOW + 2 * SpinChoice.LOSS, 1, 1, true);
        spin.waited(1, NOW + 2 * SpinChoice.LOSS + 1, 1, 1, true);

        assertThat(begins(spin)).isFalse();
    }

    @Test
    void a_wait_after_a_pause_is_slept_through() {
        var spin = talkative(new Spin(2));

        assertThat(spin.begin(NOW + 10 * MILLI)).isFalse();

        assertThat(begins(spin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_reader_spins_and_a_writer_does_not(boolean forWriting) {
        var ends = new Fd(-1, Fd.NO_SOCKET, 0, true, true);
        WaitStrategy strategy = ends.strategyFor(forWriting ? ends.writing : ends.reading);
        for (int i = 0; i <= SpinChoice.KNOWN; i++) { // the first counts for nothing
            boolean _ = begins(strategy);
            strategy.waited(1, i * MILLI, 1, 1);
        }

        assertThat(begins(strategy)).isEqualTo(!forWriting && Spin.ON);
    }

    /// Returns one that had so many short waits that it would spin if it may.
    private static Spin talkative(Spin spin) {
        for (int i = 0; i <= SpinChoice.KNOWN; i++) { // the first counts for nothing
            spin.waited(1, i * MILLI, 1, 1, true); // it begins a trial by the clock
        }
        return spin;
    }

    private static boolean begins(WaitStrategy strategy) {
        boolean begun = strategy.beginSpin(NOW);
        if (begun) {
            Spin.end();
        }
        return begun;
    }

    private static boolean begins(Spin spin) {
        boolean begun = spin.begin(NOW);
        if (begun) {
            Spin.end();
        }
        return begun;
    }
}
