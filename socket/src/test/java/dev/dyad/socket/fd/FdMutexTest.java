package dev.dyad.socket.fd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.FdMutex.Turn;
import dev.dyad.socket.waiting.TimeLimit;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FdMutexTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<Integer> closed = new ArrayList<>();
    private final FdMutex fd = new FdMutex(7, closed::add);

    @Test
    void closes_at_once_when_no_call_is_under_way() {
        assertThat(fd.close()).isTrue();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void closes_once_however_often_it_is_asked() {
        fd.close();

        assertThat(fd.close()).isFalse();
        assertThat(closed).containsExactly(7);
    }

    /// Who has closed it may wait for the turn, and relies on the descriptor being closed then.
    @Test
    void closes_before_the_turn_of_the_last_call_is_free() {
        var free = new ArrayList<Boolean>();
        var self = new AtomicReference<FdMutex>();
        var mutex = new FdMutex(7, _ -> free.add(requireNonNull(self.get()).isFree(Turn.READING)));
        self.set(mutex);
        assertThat(mutex.tryEnter(Turn.READING)).isZero();
        mutex.close();

        mutex.leave(Turn.READING, true);

        assertThat(free).containsExactly(false);
        assertThat(mutex.isFree(Turn.READING)).isTrue();
    }

    @Test
    void closes_when_the_last_call_leaves() throws Exception {
        assertThat(fd.acquire()).isEqualTo(7);
        fd.acquire();

        assertThat(fd.close()).isTrue();
        fd.release();
        assertThat(closed).isEmpty();
        fd.release();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void refuses_calls_from_the_close_on() {
        fd.close();

        assertThatThrownBy(fd::acquire).isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(fd.isClosed()).isTrue();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void a_number_that_was_given_away_is_not_closed_here() throws Exception {
        assertThat(fd.give()).isEqualTo(7);
        fd.given();

        assertThat(fd.isClosed()).isTrue();
        assertThat(fd.close()).isFalse();
        assertThat(closed).isEmpty();
    }

    @Test
    void one_that_is_taken_back_is_as_it_was() throws Exception {
        int _ = fd.give();
        assertThatThrownBy(fd::acquire).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(fd::give).isExactlyInstanceOf(ClosedChannelException.class);
        fd.takeBack();

        assertThat(fd.isClosed()).isFalse();
        assertThat(fd.acquire()).isEqualTo(7);
        assertThatThrownBy(fd::give).isExactlyInstanceOf(IllegalStateException.class);
        fd.release();
        assertThat(fd.close()).isTrue();
        assertThat(closed).containsExactly(7);
    }

    @Test
    void one_that_was_closed_meanwhile_is_closed_when_it_is_taken_back() throws Exception {
        int _ = fd.give();
        assertThat(fd.close()).isTrue();
        assertThat(fd.close()).isFalse();
        assertThat(closed).isEmpty();
        fd.takeBack();

        assertThat(fd.isClosed()).isTrue();
        assertThat(closed).containsExactly(7);
        assertThat(fd.close()).isFalse();
    }

    @Test
    void one_call_at_a_time_has_the_turn_of_a_direction() {
        assertThat(fd.tryEnter(Turn.READING)).isZero();
        assertThat(fd.tryEnter(Turn.READING)).isEqualTo(-Errno.EAGAIN.code());
        assertThat(fd.tryEnter(Turn.WRITING)).isZero();
        fd.leave(Turn.READING, true);

        assertThat(fd.isFree(Turn.READING)).isTrue();
        assertThat(fd.tryEnter(Turn.READING)).isZero();
        assertThat(fd.isFree(Turn.WRITING)).isFalse();
    }

    @Test
    void a_turn_keeps_the_descriptor_open_and_from_being_given_away() {
        int _ = fd.tryEnter(Turn.WRITING);

        assertThatThrownBy(fd::give).isExactlyInstanceOf(IllegalStateException.class);
        assertThat(fd.close()).isTrue();
        assertThat(closed).isEmpty();
        assertThat(fd.tryEnter(Turn.READING)).isEqualTo(-Errno.EBADF.code());
        fd.leave(Turn.WRITING, true);
        assertThat(closed).containsExactly(7);
    }

    @Test
    void a_turn_without_its_reference_keeps_nothing_open() {
        int _ = fd.tryEnter(Turn.READING);
        fd.release();
        assertThatThrownBy(fd::give).isExactlyInstanceOf(IllegalStateException.class);

        assertThat(fd.close()).isTrue();
        assertThat(closed).containsExactly(7);
        assertThat(fd.tryAcquire()).isFalse();
        fd.leave(Turn.READING, false);
        assertThat(closed).containsExactly(7);
        assertThat(fd.isGone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void those_that_wait_for_their_turn_get_it_or_learn_of_the_close(boolean closes) throws Exception {
        int _ = fd.tryEnter(Turn.READING);
        var one = waiting(() -> fd.enter(Turn.READING));
        var other = waiting(() -> fd.enter(Turn.READING, TimeLimit.of(Deadline.never())));

        if (closes) {
            boolean _ = fd.close();
            assertThat(List.of(one.get(), other.get())).containsOnly(-Errno.EBADF.code());
        }
        fd.leave(Turn.READING, true);

        if (!closes) {
            Await.until(() -> one.isDone() || other.isDone(), LONG);
            assertThat(one.isDone() && other.isDone()).isFalse();
            fd.leave(Turn.READING, true);
            assertThat(List.of(one.get(), other.get())).containsOnly(0);
        }
    }

    @Test
    void one_that_gives_up_waits_no_more() throws Exception {
        int _ = fd.tryEnter(Turn.READING);

        assertThat(fd.enter(Turn.READING, TimeLimit.of(Deadline.after(Duration.ofMillis(1)))))
                .isEqualTo(-Errno.EAGAIN.code());
        Thread.currentThread().interrupt();
        assertThat(fd.enter(Turn.READING, TimeLimit.of(Deadline.never()))).isEqualTo(-Errno.EINTR.code());
        assertThat(Thread.interrupted()).isTrue();
        fd.leave(Turn.READING, true);

        assertThat(fd.enter(Turn.READING)).isZero();
        fd.leave(Turn.READING, true);
        assertThat(fd.give()).isEqualTo(7); // nobody is counted any more
    }

    private static FutureTask<Integer> waiting(Callable<Integer> enter) {
        var answer = new FutureTask<>(enter);
        Thread thread = Thread.ofPlatform().start(answer);
        Await.until(
                () -> Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(thread.getState()), LONG);
        return answer;
    }
}
