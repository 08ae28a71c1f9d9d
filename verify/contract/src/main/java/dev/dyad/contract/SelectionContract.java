package dev.dyad.contract;

import static dev.dyad.contract.Ends.drain;
import static dev.dyad.contract.Ends.fill;
import static dev.dyad.contract.Ends.put;
import static dev.dyad.contract.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which ends a selector tells of, and what a registration is.
@Timeout(60)
public interface SelectionContract extends Selecting {

    @Test
    default void nothing_is_told_of_an_end_that_is_not_ready() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), READS, "it");
            assertThat(registration.endpoint()).isSameAs(pair.right());
            assertThat(registration.selector()).isSameAs(selector);
            assertThat(registration.attachment()).isEqualTo("it");
            assertThat(registration.interest()).isEqualTo(READS);

            assertThat(toldNow(selector)).isEmpty();
            assertThat(registration.isReadable()).isFalse();
            assertThat(registration.isWritable()).isFalse();
        }
    }

    @Test
    default void a_select_ends_at_its_deadline() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            selector.register(pair.right(), READS, null);
            long start = System.nanoTime();
            var select = Waiting.start(threads(), () -> selector.select(_ -> {}, StreamContract.soon()));

            assertThat(select.get()).isZero();
            assertThat(System.nanoTime() - start).isGreaterThan(1_000_000);
            assertThat(selector.waiters()).isZero();
        }
    }

    @Test
    default void what_can_be_read_is_told_until_it_is_read() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), BOTH, null);
            Registration other = selector.register(pair.left(), READS, null);
            put(pair.left(), "one");

            for (int i = 0; i < 3; i++) {
                assertThat(told(selector)).containsExactly(registration);
                assertThat(registration.isReadable()).isTrue();
                assertThat(registration.isWritable()).isTrue();
                assertThat(other.isReadable()).isFalse();
            }
            assertThat(take(pair.right())).isEqualTo("one");
            assertThat(told(selector)).containsExactly(registration);
            assertThat(registration.isReadable()).isFalse();
            assertThat(registration.isWritable()).isTrue();
            registration.interest(READS);
            assertThat(toldNow(selector)).isEmpty();
            assertThat(registration.isWritable()).isFalse();
        }
    }

    @Test
    default void what_has_room_can_be_written() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.left(), WRITES, null);
            assertThat(told(selector)).containsExactly(registration);

            fill(pair.left());
            assertThat(toldNow(selector)).isEmpty();

            var select = selecting(selector);
            drain(pair.right());
            assertThat(select.get()).containsExactly(registration);
            assertThat(registration.isWritable()).isTrue();
            assertThat(registration.isReadable()).isFalse();
        }
    }

    @Test
    default void a_select_waits_until_something_comes() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.right(), READS, null);
            var select = selecting(selector);
            assertThat(selector.waiters()).isOne();

            put(pair.left(), "x");

            assertThat(select.get()).containsExactly(registration);
            assertThat(selector.waiters()).isZero();
            drain(pair.right());
            var again = selecting(selector);
            put(pair.left(), "y");
            assertThat(again.get()).containsExactly(registration);
        }
    }

    @Test
    default void all_that_are_ready_are_told_each_once_however_many_there_are() throws Exception {
        int count = 600;
        var pairs = new ArrayList<SocketPair<? extends Endpoint>>();
        try (var selector = SocketSelector.open()) {
            var ready = new HashSet<Registration>();
            for (int i = 0; i < count; i++) {
                var pair = open();
                pairs.add(pair);
                selector.register(pair.left(), READS, i);
                ready.add(selector.register(pair.right(), READS, i));
                put(pair.left(), "x");
            }
            for (int i = 0; i < 3; i++) {
                assertThat(told(selector)).hasSize(count).hasSameElementsAs(ready);
            }
            assertThat(selector.registrations()).hasSize(2 * count);
        } finally {
            for (var pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    default void an_end_that_is_always_busy_does_not_hide_the_others() throws Exception {
        try (var selector = SocketSelector.open();
                var busy = open();
                var quiet = open()) {
            Registration first = selector.register(busy.left(), BOTH, null);
            put(busy.right(), "never taken");
            Registration second = selector.register(quiet.left(), READS, null);
            for (int i = 0; i < 10; i++) {
                put(quiet.right(), "now and then");
                assertThat(told(selector)).containsExactlyInAnyOrder(first, second);
                drain(quiet.left());
                assertThat(told(selector)).containsExactly(first);
            }
        }
    }

    @Test
    default void a_read_in_another_thread_goes_on() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            selector.register(pair.right(), READS, null);
            selector.register(pair.left(), WRITES, null);
            var reader = Waiting.on(pair.right(), threads(), () -> {
                if (pair.right() instanceof MessageSocket messages) {
                    try (var received = messages.receive(ByteBuffer.allocate(8))) {
                        return received.length();
                    }
                }
                return ((StreamSocket) pair.right()).read(ByteBuffer.allocate(8));
            });
            assertThat(told(selector)).hasSize(1);
            put(pair.left(), "abc");
            assertThat(reader.get()).isEqualTo(3);
        }
    }

    @Test
    default void an_end_is_in_a_selector_once() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration first = selector.register(pair.right(), READS, null);
            assertThatThrownBy(() -> selector.register(pair.right(), WRITES, null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("registered with this selector already");
            assertThat(first.interest()).isEqualTo(READS);
            assertThat(toldNow(selector)).isEmpty();

            first.cancel();
            Registration again = selector.register(pair.right(), WRITES, null);
            assertThat(again).isNotSameAs(first);
            assertThat(told(selector)).containsExactly(again);
            assertThat(first.isValid()).isFalse();
        }
    }

    @Test
    default void an_end_may_be_in_several_selectors() throws Exception {
        try (var one = SocketSelector.open();
                var pair = open()) {
            Registration first = one.register(pair.right(), READS, null);
            put(pair.left(), "x");
            try (var two = SocketSelector.open();
                    var three = SocketSelector.open()) {
                Registration second = two.register(pair.right(), BOTH, null);
                Registration third = three.register(pair.right(), READS, null);
                assertThat(told(one)).containsExactly(first);
                assertThat(told(two)).containsExactly(second);
                third.cancel();
                assertThat(toldNow(three)).isEmpty();
            }
            assertThat(told(one)).containsExactly(first);
            pair.right().close();
            assertThat(first.isValid()).isFalse();
            assertThat(toldNow(one)).isEmpty();
        }
    }

    @Test
    default void a_closed_end_cannot_be_registered() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            pair.right().close();
            assertThatThrownBy(() -> selector.register(pair.right(), READS, null))
                    .isInstanceOf(ClosedChannelException.class);
            assertThat(selector.registrations()).isEmpty();
        }
    }

    @Test
    default void a_closed_end_is_not_told_though_a_message_holds_what_it_stood_for() throws Exception {
        try (var selector = SocketSelector.open();
                var carrier = SocketPair.datagram();
                var pair = open()) {
            Registration gone = selector.register(pair.right(), READS, "gone");
            carrier.left().send(ByteBuffer.allocate(1), List.of(pair.right()));
            pair.right().close(); // and goes on living in the message

            put(pair.left(), "for its receiver");
            assertThat(toldNow(selector)).isEmpty();
            try (var reusing = open()) { // one of its ends has the number now
                Registration left = selector.register(reusing.left(), READS, "left");
                Registration right = selector.register(reusing.right(), READS, "right");
                assertThat(toldNow(selector)).isEmpty();
                put(reusing.left(), "x");
                assertThat(told(selector)).containsExactly(right);
                put(reusing.right(), "x");
                assertThat(told(selector)).containsExactlyInAnyOrder(left, right);
            }
            assertThat(gone.isValid()).isFalse();
        }
    }

    @Test
    default void a_closed_end_is_not_told_though_somebody_has_borrowed_it() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open();
                var borrowed = pair.right().borrow()) {
            Registration gone = selector.register(pair.right(), BOTH, null);
            assertThat(told(selector)).containsExactly(gone);
            pair.right().close();
            assertThat(borrowed.fd()).isNotNegative();
            assertThat(toldNow(selector)).isEmpty();
        }
    }
}
