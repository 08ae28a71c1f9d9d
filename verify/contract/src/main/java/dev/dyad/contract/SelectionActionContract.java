package dev.dyad.contract;

import static dev.dyad.contract.Ends.drain;
import static dev.dyad.contract.Ends.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an action of a selector may do.
@Timeout(60)
public interface SelectionActionContract extends Selecting {

    @Test
    default void what_an_action_throws_comes_out_and_the_rest_is_told_next() throws Exception {
        try (var selector = SocketSelector.open();
                var one = open();
                var two = open()) {
            Registration first = selector.register(one.left(), READS, null);
            Registration second = selector.register(two.left(), READS, null);
            put(one.right(), "x");
            put(two.right(), "x");
            var seen = new HashSet<Registration>();
            var select = Waiting.start(
                    threads(),
                    () -> selector.select(registration -> {
                        seen.add(registration);
                        drain(registration.endpoint());
                        throw new IOException("on purpose");
                    }));
            assertThatThrownBy(select::get)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("on purpose");

            assertThat(seen).hasSize(1);
            assertThat(told(selector)).hasSize(1).doesNotContainAnyElementsOf(seen);
            seen.addAll(told(selector));
            assertThat(seen).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    default void an_action_may_close_and_cancel_what_is_still_to_be_told() throws Exception {
        try (var selector = SocketSelector.open();
                var one = open();
                var two = open();
                var three = open()) {
            var ends = List.of(one.left(), two.left(), three.left());
            for (Endpoint end : ends) {
                selector.register(end, WRITES, null);
            }
            var told = new ArrayList<Registration>();
            var select = Waiting.start(
                    threads(),
                    () -> selector.select(registration -> {
                        told.add(registration);
                        assertThat(registration.isWritable()).isTrue();
                        List<Registration> others = selector.registrations().stream()
                                .filter(other -> other != registration)
                                .toList();
                        others.get(0).cancel();
                        others.get(1).endpoint().close();
                    }));
            assertThat(select.get()).isOne();
            assertThat(told).hasSize(1);
            assertThat(told(selector)).isEqualTo(told);
            assertThat(selector.registrations()).hasSameElementsAs(told);
        }
    }

    @Test
    default void an_action_may_change_what_is_still_to_be_told() throws Exception {
        try (var selector = SocketSelector.open();
                var one = open();
                var two = open()) {
            Registration first = selector.register(one.left(), BOTH, null);
            Registration second = selector.register(two.left(), BOTH, null);
            var select = Waiting.start(threads(), () -> {
                int count = selector.select(told -> (told == first ? second : first).interest(READS));
                return count + (first.isWritable() ? 10 : 0) + (second.isWritable() ? 10 : 0);
            });
            assertThat(select.get()).isEqualTo(11);
        }
    }

    @Test
    default void an_action_may_register_a_stranger_in_the_place_of_what_is_still_to_be_told() throws Exception {
        var strangers = new ArrayList<SocketPair<? extends Endpoint>>();
        try (var selector = SocketSelector.open();
                var one = open();
                var two = open()) {
            selector.register(one.left(), WRITES, "first");
            selector.register(two.left(), WRITES, "first");
            var told = new ArrayList<Registration>();
            var select = Waiting.start(
                    threads(),
                    () -> selector.select(registration -> {
                        told.add(registration);
                        for (Registration other : selector.registrations()) {
                            if (other != registration) {
                                other.endpoint().close(); // whose number and whose slot are free now
                            }
                        }
                        var stranger = open();
                        strangers.add(stranger);
                        selector.register(stranger.left(), READS, "stranger");
                        selector.register(stranger.right(), READS, "stranger");
                    }));
            assertThat(select.get()).isOne();
            assertThat(told(selector)).isEqualTo(told);
            assertThat(Objects.requireNonNull(told.getFirst()).attachment()).isEqualTo("first");
        } finally {
            for (var stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    default void an_action_that_closes_the_selector_is_the_last() throws Exception {
        try (var one = open();
                var two = open()) {
            var selector = SocketSelector.open();
            selector.register(one.left(), WRITES, null);
            selector.register(two.left(), WRITES, null);
            var told = new ArrayList<Registration>();
            var select = Waiting.start(
                    threads(),
                    () -> selector.select(registration -> {
                        told.add(registration);
                        selector.close();
                    }));
            assertThatThrownBy(select::get).isInstanceOf(ClosedSelectorException.class);
            assertThat(told).hasSize(1);
        }
    }

    @Test
    default void an_action_cannot_select() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            Registration registration = selector.register(pair.left(), WRITES, null);
            var select = Waiting.start(
                    threads(), () -> selector.select(_ -> selector.selectNow(_ -> {}), StreamContract.soon()));
            assertThatThrownBy(select::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("an action of this selector selects in it");
            assertThat(told(selector)).containsExactly(registration);
        }
    }
}
