package dev.dyad.contract;

import static dev.dyad.contract.Ends.put;
import static dev.dyad.contract.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketSelector;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How the waits of a selector end, and what other threads may do meanwhile.
@Timeout(60)
public interface SelectionWaitContract extends Selecting {

    @Test
    default void a_wakeup_ends_a_select() throws Exception {
        try (var selector = SocketSelector.open()) {
            var select = selecting(selector);
            selector.wakeup();
            assertThat(select.get()).isEmpty();
            assertThat(Waiting.start(threads(), () -> selector.select(_ -> {}, StreamContract.soon()))
                            .get())
                    .isZero();
        }
    }

    @Test
    default void a_wakeup_that_nobody_waits_for_ends_only_the_next_select() throws Exception {
        try (var selector = SocketSelector.open()) {
            for (int i = 0; i < 3; i++) {
                selector.wakeup().wakeup();
                assertThat(told(selector)).isEmpty();
            }
            selector.wakeup();
            assertThat(toldNow(selector)).isEmpty();

            var select = selecting(selector);
            assertThat(selector.waiters()).isOne();
            selector.wakeup();
            assertThat(select.get()).isEmpty();
        }
    }

    @Test
    default void a_wakeup_comes_with_what_is_ready() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), WRITES, null);
            selector.wakeup();
            assertThat(told(selector)).containsExactly(registration);
            registration.interest(NOTHING);
            assertThat(toldNow(selector)).isEmpty();
        }
    }

    @Test
    default void wakeups_from_many_threads_are_not_lost() throws Exception {
        try (var selector = SocketSelector.open()) {
            int rounds = 2_000;
            var select = Waiting.start(threads(), () -> {
                int woken = 0;
                while (woken < rounds) {
                    assertThat(selector.select(_ -> {})).isZero();
                    woken++;
                }
                return woken;
            });
            var wakers = new ArrayList<Waiting<Boolean>>();
            for (int i = 0; i < 2; i++) {
                // not virtual: two that are always busy keep the third from its processor
                wakers.add(Waiting.start(Thread.ofPlatform().factory(), () -> {
                    while (!select.isDone() && selector.isOpen()) {
                        selector.wakeup();
                        Thread.onSpinWait();
                    }
                    return true;
                }));
            }
            assertThat(select.get()).isEqualTo(rounds);
            for (var waker : wakers) {
                assertThat(waker.get()).isTrue();
            }
        }
    }

    @Test
    default void an_interrupt_ends_a_select_and_stays_on() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), READS, null);
            var select = Waiting.on(selector, threads(), () -> {
                assertThat(selector.select(_ -> {})).isZero();
                return Thread.currentThread().isInterrupted();
            });
            select.interrupt();
            assertThat(select.get()).isTrue();
            assertThat(selector.isOpen()).isTrue();
            assertThat(registration.isValid()).isTrue();
        }
    }

    @Test
    default void an_interrupt_ends_only_one_select() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            selector.register(pair.right(), READS, null);
            var select = Waiting.on(selector, threads(), () -> {
                Thread.currentThread().interrupt();
                assertThat(selector.select(_ -> {})).isZero(); // which does not wait
                assertThat(Thread.interrupted()).isTrue();
                return selector.select(_ -> {});
            });
            put(pair.left(), "x");
            assertThat(select.get()).isOne();
        }
    }

    @Test
    default void a_select_under_way_returns_with_nothing_when_its_deadline_is_moved() throws Exception {
        try (var selector = SocketSelector.open()) {
            var deadline = new MovableDeadline(Deadline.never());
            for (Deadline when : List.of(Deadline.after(Duration.ofHours(1)), Deadline.after(Duration.ZERO))) {
                var select = Waiting.on(selector, threads(), () -> selector.select(_ -> {}, deadline));
                deadline.moveTo(when);
                assertThat(select.get()).isZero();
            }
            assertThat(selector.select(_ -> {}, deadline)).isZero(); // which has passed
        }
    }

    @Test
    default void a_select_that_waits_for_its_turn_ends_when_its_deadline_is_expired() throws Exception {
        try (var selector = SocketSelector.open()) {
            var first = Waiting.on(selector, threads(), () -> selector.select(_ -> {}));
            var deadline = new MovableDeadline(Deadline.never());
            var next = Waiting.inLine(threads(), () -> selector.select(_ -> {}, deadline));

            deadline.expire();

            assertThat(next.get()).isZero();
            assertThat(first.isDone()).isFalse();
            selector.wakeup();
            assertThat(first.get()).isZero();
        }
    }

    @Test
    default void an_interrupted_thread_does_not_wait() throws Exception {
        try (var selector = SocketSelector.open()) {
            var select = Waiting.start(threads(), () -> {
                Thread.currentThread().interrupt();
                for (int i = 0; i < 3; i++) {
                    assertThat(selector.select(_ -> {})).isZero();
                    assertThat(selector.select(_ -> {}, Deadline.after(Duration.ofDays(1))))
                            .isZero();
                    assertThat(selector.selectNow(_ -> {})).isZero();
                }
                return Thread.currentThread().isInterrupted();
            });
            assertThat(select.get()).isTrue();
        }
    }

    @Test
    default void threads_select_one_after_the_other() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), READS, null);
            var first = selecting(selector);
            var second = Waiting.inLine(threads(), () -> Selecting.tell(selector));
            var interrupted = Waiting.inLine(threads(), () -> {
                assertThat(selector.select(_ -> {})).isZero();
                return Thread.currentThread().isInterrupted();
            });
            assertThat(toldNow(selector)).isEmpty();
            var late = Waiting.start(threads(), () -> selector.select(_ -> {}, StreamContract.soon()));
            assertThat(late.get()).isZero();
            interrupted.interrupt();
            assertThat(interrupted.get()).isTrue();
            assertThat(first.isDone()).isFalse();

            put(pair.left(), "x");
            assertThat(first.get()).containsExactly(registration);
            assertThat(second.get()).containsExactly(registration);
        }
    }

    @Test
    default void a_change_of_interest_counts_for_a_select_that_is_under_way() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), NOTHING, null);
            put(pair.left(), "x");
            assertThat(toldNow(selector)).isEmpty();
            var select = selecting(selector);

            assertThat(registration.interest(READS)).isSameAs(registration);

            assertThat(select.get()).containsExactly(registration);
            assertThat(registration.isReadable()).isTrue();
            assertThat(registration.isWritable()).isFalse();
            registration.interest(WRITES);
            assertThat(registration.interest()).isEqualTo(WRITES);
            assertThat(told(selector)).containsExactly(registration);
            assertThat(registration.isReadable()).isFalse();
            assertThat(registration.isWritable()).isTrue();
            registration.interest(NOTHING);
            assertThat(registration.interest()).isEmpty();
            assertThat(toldNow(selector)).isEmpty();
        }
    }

    @Test
    default void a_registration_counts_for_a_select_that_is_under_way() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            put(pair.left(), "x");
            var select = selecting(selector);
            Registration registration = selector.register(pair.right(), READS, null);
            assertThat(select.get()).containsExactly(registration);
        }
    }

    @Test
    default void a_cancel_counts_for_a_select_that_is_under_way() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open();
                var other = open()) {
            Registration cancelled = selector.register(pair.right(), READS, null);
            Registration stays = selector.register(other.right(), READS, null);
            var select = selecting(selector);

            cancelled.cancel();
            cancelled.cancel();
            put(pair.left(), "not watched");
            put(other.left(), "x");

            assertThat(select.get()).containsExactly(stays);
            assertThat(cancelled.isValid()).isFalse();
            assertThat(stays.isValid()).isTrue();
            assertThat(selector.registrations()).containsExactly(stays);
            assertThatThrownBy(() -> cancelled.interest(READS)).isInstanceOf(CancelledKeyException.class);
            assertThat(take(pair.right())).isEqualTo("not watched");
        }
    }

    @Test
    default void a_close_of_an_end_takes_it_out_of_a_select_that_is_under_way() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open();
                var other = open()) {
            Registration closed = selector.register(pair.right(), BOTH, null);
            closed.interest(READS);
            Registration stays = selector.register(other.right(), READS, null);
            var select = selecting(selector);

            pair.right().close();
            assertThat(closed.isValid()).isFalse();
            assertThat(closed.isReadable()).isFalse();
            assertThat(selector.registrations()).containsExactly(stays);
            assertThat(select.isDone()).isFalse();
            put(other.left(), "x");

            assertThat(select.get()).containsExactly(stays);
            assertThatThrownBy(() -> closed.interest(READS)).isInstanceOf(CancelledKeyException.class);
        }
    }

    @Test
    default void a_close_of_the_selector_ends_a_select_and_those_in_line() throws Exception {
        try (var pair = open()) {
            var selector = SocketSelector.open();
            Registration registration = selector.register(pair.right(), READS, null);
            var select = selecting(selector);
            var inLine = Waiting.inLine(threads(), () -> Selecting.tell(selector));

            selector.close();

            assertThatThrownBy(select::get).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(inLine::get).isInstanceOf(ClosedSelectorException.class);
            assertThat(selector.isOpen()).isFalse();
            assertThat(registration.isValid()).isFalse();
            assertThat(pair.right().isOpen()).isTrue();
            put(pair.left(), "still works");
            assertThat(take(pair.right())).isEqualTo("still works");
        }
    }

    @Test
    default void a_closed_selector_refuses_everything_but_another_close() throws Exception {
        try (var pair = open()) {
            var selector = SocketSelector.open();
            Registration registration = selector.register(pair.right(), READS, null);
            selector.close();
            selector.close();

            assertThatThrownBy(() -> selector.select(_ -> {})).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(() -> selector.selectNow(_ -> {})).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(() -> selector.register(pair.left(), READS, null))
                    .isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(selector::registrations).isInstanceOf(ClosedSelectorException.class);
            assertThatThrownBy(() -> registration.interest(READS)).isInstanceOf(CancelledKeyException.class);
            registration.cancel();
            assertThat(selector.wakeup()).isSameAs(selector);
        }
    }
}
