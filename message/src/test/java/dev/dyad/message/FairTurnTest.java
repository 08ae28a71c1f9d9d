package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.socket.Deadline;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What one thread has at a time is given to those who wait in their order, and to nobody who has left.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class FairTurnTest {

    private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

    private final FairTurn turn = new FairTurn("request");
    private final List<Integer> had = Collections.synchronizedList(new ArrayList<>());

    private Call<?> waiting(int number, Deadline deadline) {
        return Call.parked(THREADS, () -> {
            turn.enter(deadline);
            had.add(number);
            turn.leave();
            return null;
        });
    }

    @Test
    void those_who_wait_have_it_in_their_order() throws Exception {
        turn.enter(Deadline.never());
        List<Call<?>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(waiting(i, Deadline.never()));
        }
        assertThat(had).isEmpty();

        turn.leave();

        for (Call<?> call : calls) {
            assertThat(call.get()).isNull();
        }
        assertThat(had).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void who_has_left_the_line_is_passed_over() throws Exception {
        turn.enter(Deadline.never());
        Call<?> interrupted = waiting(0, Deadline.never());
        Call<?> late = waiting(1, Deadline.after(Duration.ofMillis(30)));
        Call<?> last = waiting(2, Deadline.never());
        interrupted.interrupt();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(interrupted::get);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(late::get);

        turn.leave();

        assertThat(last.get()).isNull();
        assertThat(had).containsExactly(2);
        turn.enter(Line.now()); // it is free again
    }
}
