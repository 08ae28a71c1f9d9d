package dev.dyad.socket.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.Spin;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a direction that reads tells its spin of its waits, by a clock that is made up.
@Timeout(60)
class FdWaitStrategyTest {

    private static final long MICRO = 1_000;
    private static final long SECOND = 1_000_000_000;

    private long now;

    @Test
    void what_comes_without_a_write_is_a_stream() throws Exception {
        assertThat(spinningForTwoPieces(streamEnds(), false)).isLessThan(0.05);
    }

    @Test
    void what_comes_after_a_write_is_an_answer() throws Exception {
        assertThat(spinningForTwoPieces(streamEnds(), true)).isGreaterThan(0.5);
    }

    /// Of a pipe nobody knows whether what it brings was asked for by another one.
    @Test
    void what_comes_where_the_answers_of_calls_may_be_no_bytes_is_compared_by_its_waits() throws Exception {
        assertThat(spinningForTwoPieces(new Fd(-1, Fd.NO_SOCKET, 0, true, true), false))
                .isGreaterThan(0.5);
    }

    private static Fd streamEnds() {
        var ends = new Fd(-1, Fd.NO_SOCKET, 0, true, true);
        ends.setBytesOnly();
        return ends;
    }

    /// Returns what share of the time is spun where each piece is waited for by a thread that spins, and one that
    /// sleeps
    /// is woken when both are there.
    private double spinningForTwoPieces(Fd ends, boolean asks) throws IOException {
        Assumptions.assumeTrue(Spin.ON);
        WaitStrategy strategy = ends.strategyFor(ends.reading);
        long start = now;
        long spinning = 0;
        while (now - start < 10 * SECOND) {
            if (asks) {
                write(ends.writing);
            }
            if (begins(strategy)) {
                strategy.waited(55 * MICRO, now += 60 * MICRO, 1, 32);
                spinning += 55 * MICRO;
                spinning += begins(strategy) ? 9 * MICRO : 0;
                strategy.waited(9 * MICRO, now += 10 * MICRO, 1, 32);
            } else {
                strategy.waited(65 * MICRO, now += 70 * MICRO, 1, 64);
            }
        }
        return (double) spinning / (now - start);
    }

    private boolean begins(WaitStrategy strategy) {
        boolean begun = strategy.beginSpin(now);
        if (begun) {
            Spin.end();
        }
        return begun;
    }

    private static void write(Direction writing) throws IOException {
        long written = writing.perform(
                () -> 16, TimeLimit.of(Deadline.never()), Interrupts.RETURN, new InterruptHook(writing::wake));
        assertThat(written).isEqualTo(16);
    }
}
