package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void one_in_the_past_has_passed_and_nothing_remains() {
        assertThat(Deadline.after(Duration.ZERO).hasPassed()).isTrue();
        assertThat(Deadline.after(Duration.ofDays(-1)).remainingNanos()).isZero();
    }

    @Test
    void one_in_the_future_counts_down() {
        var deadline = Deadline.after(Duration.ofMinutes(1));

        assertThat(deadline.hasPassed()).isFalse();
        assertThat(deadline.remainingNanos())
                .isBetween(1L, Duration.ofMinutes(1).toNanos());
    }

    @Test
    void a_move_is_told_to_all_who_wait_though_one_cannot_be_woken() {
        var deadline = new MovableDeadline(Deadline.never());
        var told = new AtomicInteger();
        Runnable failing = () -> {
            told.incrementAndGet();
            throw new OutOfMemoryError("on purpose");
        };
        try (var _ = deadline.limit().watch(failing);
                var _ = deadline.limit().watch(told::incrementAndGet);
                var _ = deadline.limit().watch(failing)) {
            assertThatThrownBy(deadline::expire).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(told).hasValue(3);
    }

    @Test
    void one_that_may_move_is_looked_at_soon_also_where_it_has_no_limit_yet() {
        var deadline = new MovableDeadline(Deadline.never());
        assertThat(deadline.nanosToNextLook()).isPositive().isLessThanOrEqualTo(10_000_000);
        deadline.expire();
        assertThat(deadline.nanosToNextLook()).isZero();
        assertThat(Deadline.never().nanosToNextLook()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void it_says_how_much_time_is_left() {
        assertThat(Deadline.after(Duration.ofHours(2))).asString().startsWith("Deadline[in PT1H59M");
        assertThat(Deadline.after(Duration.ofSeconds(-1))).hasToString("Deadline[in PT0S]");
        assertThat(Deadline.never()).hasToString("Deadline[never]");
        assertThat(new MovableDeadline(Deadline.never())).hasToString("Deadline[never]");
    }

    @Test
    void never_has_no_limit() {
        assertThat(Deadline.never().isLimited()).isFalse();
        assertThat(Deadline.never().hasPassed()).isFalse();
        assertThat(Deadline.never().remainingNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_longest_durations_do_not_overflow() {
        assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)).hasPassed())
                .isFalse();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).hasPassed())
                .isTrue();
    }
}
