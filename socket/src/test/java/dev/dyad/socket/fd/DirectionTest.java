package dev.dyad.socket.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.posix.Platforms;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.TimeLimit;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When a direction gets what one waits by.
@Timeout(60)
class DirectionTest {

    private static final long EAGAIN = Errno.EAGAIN.code();

    private final FdMutex fd = new FdMutex(-1, _ -> {});
    private final List<Direction> asked = new ArrayList<>();

    @Test
    void a_call_that_need_not_wait_gets_nothing_to_wait_by() throws Exception {
        var direction = new Direction(fd, FdMutex.Turn.READING, this::instantly);

        assertThat(perform(direction, () -> 1)).isEqualTo(1);
        direction.wake();
        direction.forget(-1);
        direction.awaitLetGo();

        assertThat(asked).isEmpty();
    }

    @Test
    void all_waits_are_by_the_same() throws Exception {
        var direction = new Direction(fd, FdMutex.Turn.WRITING, this::instantly);

        assertThat(perform(direction, third())).isEqualTo(3);
        assertThat(perform(direction, third())).isEqualTo(3);

        assertThat(asked).containsExactly(direction);
    }

    @Test
    void a_wait_is_told_of_the_calls_since_the_last_one() throws Exception {
        var told = new ArrayList<String>();
        var direction = new Direction(fd, FdMutex.Turn.READING, _ -> new InstantStrategy() {
            @Override
            public void waited(long nanos, long now, long calls, long answers) {
                told.add(calls + " calls: " + answers);
            }
        });

        for (Attempt attempt : List.<Attempt>of(() -> 1, () -> 10, third(), third(), () -> 0, () -> 20, third())) {
            assertThat(perform(direction, attempt)).isNotNegative();
        }

        assertThat(told).containsExactly("3 calls: 14", "1 calls: 3", "2 calls: 23");
    }

    /// By that a reader knows whether something was written since it last waited.
    @Test
    void its_sum_grows_by_each_answer_with_and_without_a_wait() throws Exception {
        var direction = new Direction(fd, FdMutex.Turn.WRITING, _ -> new InstantStrategy());

        assertThat(perform(direction, () -> 5)).isEqualTo(5);
        assertThat(direction.sum()).isEqualTo(5);
        assertThat(perform(direction, third())).isEqualTo(3);
        assertThat(direction.sum()).isEqualTo(8);
        assertThat(perform(direction, () -> 5)).isEqualTo(5);
        assertThat(direction.sum()).isEqualTo(13);
        assertThat(direction.tryEnter()).isZero();
        assertThat(direction.performNow(() -> 7)).isEqualTo(7);
        assertThat(direction.performNow(() -> -EAGAIN)).isEqualTo(-EAGAIN);
        direction.leave();
        assertThat(direction.sum()).isEqualTo(20);
    }

    @Test
    void a_wake_finds_the_first_wait() throws Exception {
        var wakes = new AtomicInteger();
        var direction = new Direction(fd, FdMutex.Turn.READING, first -> new InstantStrategy() {
            @Override
            public long awaitReady(Deadline deadline, Attempt attempt) {
                first.wake();
                return wakes.get();
            }

            @Override
            public void wake() {
                wakes.incrementAndGet();
            }
        });

        assertThat(perform(direction, () -> -EAGAIN)).isEqualTo(1);
    }

    /// The close has woken nobody, as there was nothing yet by which one waits.
    @Test
    void a_close_before_there_is_a_first_wait_ends_it() throws Exception {
        Assumptions.assumeTrue(Platforms.current().isNative());
        var direction = new Direction(fd, FdMutex.Turn.READING, first -> {
            boolean _ = fd.close();
            first.wake();
            return FdWaitStrategy.of(first);
        });

        assertThat(perform(direction, () -> -EAGAIN)).isEqualTo(-Errno.EBADF.code());
    }

    private WaitStrategy instantly(Direction direction) {
        asked.add(direction);
        return new InstantStrategy();
    }

    /// A wait that is over at once.
    private static class InstantStrategy implements WaitStrategy {

        @Override
        public long awaitReady(Deadline deadline, Attempt attempt) {
            return -EAGAIN;
        }

        @Override
        public void wake() {
            // nobody stays in it
        }

        @Override
        public boolean isLeftBehind() {
            return false;
        }

        @Override
        public void forget(int raw) {
            // it has nothing
        }

        @Override
        public void noEvent() {
            // it waits for none
        }

        @Override
        public void waitBy(@Nullable Waiter waiter) {
            // it does not wait
        }

        @Override
        public void ended() {
            // there is nothing to forget
        }
    }

    /// Returns a call that has to wait twice.
    private static Attempt third() {
        var made = new int[1];
        return () -> ++made[0] == 3 ? 3 : -EAGAIN;
    }

    private static long perform(Direction direction, Attempt attempt) throws IOException {
        return direction.perform(
                attempt, TimeLimit.of(Deadline.never()), Interrupts.RETURN, new InterruptHook(direction::wake));
    }
}
