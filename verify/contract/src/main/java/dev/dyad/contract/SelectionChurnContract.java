package dev.dyad.contract;

import static dev.dyad.contract.Ends.put;
import static dev.dyad.contract.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// That an event reaches the end that it belongs to, while numbers and slots are used again and again.
@Timeout(60)
public interface SelectionChurnContract extends Selecting {

    /// How long it may take.
    Duration LIMIT = Duration.ofSeconds(40);

    /// The one thing that is sent to an end, and whether it came.
    ///
    /// @param text what is sent, which nobody else is sent
    /// @param came whether it was received
    record Expected(String text, CountDownLatch came) {}

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    default void no_event_reaches_a_stranger_however_ends_come_and_go(long seed) throws Exception {
        var random = new Random(seed);
        var over = new AtomicBoolean();
        try (var selector = SocketSelector.open()) {
            var select = Waiting.start(threads(), () -> {
                int told = 0;
                while (!over.get()) {
                    told += selector.select(SelectionChurnContract::check);
                }
                return told;
            });
            var churns = new ArrayList<Waiting<Boolean>>();
            for (int i = 0; i < 2; i++) {
                var own = new Random(random.nextLong());
                churns.add(Waiting.start(Thread.ofPlatform().factory(), () -> churn(selector, own, 400)));
            }
            try {
                Await.until(() -> select.isDone() || churns.stream().allMatch(Waiting::isDone), LIMIT);
            } finally {
                over.set(true);
                selector.wakeup();
            }
            assertThat(select.get()).isPositive(); // first, as what is wrong is found there
            for (var churn : churns) {
                assertThat(churn.get()).isTrue();
            }
            assertThat(selector.registrations()).isEmpty();
        }
    }

    /// Either may be the first, and none leaves it listed.
    @Test
    default void an_end_that_is_closed_during_its_first_registration_is_in_no_selector() throws Exception {
        try (var selector = SocketSelector.open()) {
            for (int i = 0; i < 300; i++) {
                try (var pair = open()) {
                    var registering = Waiting.start(threads(), () -> isRegistered(selector, pair.right()));
                    pair.right().close();
                    boolean _ = registering.get();

                    assertThat(selector.registrations()).isEmpty();
                }
            }
        }
    }

    private static boolean isRegistered(SocketSelector selector, Endpoint end) throws IOException {
        try {
            var _ = selector.register(end, READS, null);
            return true;
        } catch (ClosedChannelException closed) {
            return false;
        }
    }

    /// Takes what is there, which nobody else does: there must be something, and it must be what was sent.
    private static void check(Registration registration) throws IOException {
        var expected = (Expected) registration.attachment();
        assertThat(expected).isNotNull();
        if (!registration.isReadable()) {
            assertThat(registration.isWritable()).isTrue();
            return;
        }
        try {
            String text = take(registration.endpoint());
            assertThat(text).as("what %s received", expected).isNotNull();
            assertThat(text.replace(expected.text(), "")).isEmpty();
            expected.came().countDown();
        } catch (ClosedChannelException closed) {
            // by its owner, a moment ago
        } catch (SystemCallException e) {
            assertThat(e.errno()).isEqualTo(Errno.ECONNRESET); // its peer was, with something unread
        }
    }

    private boolean churn(SocketSelector selector, Random random, int rounds) throws Exception {
        try (var carrier = SocketPair.datagram()) {
            for (int i = 0; i < rounds; i++) {
                var expected = new Expected(Long.toHexString(random.nextLong()), new CountDownLatch(1));
                try (var pair = open()) {
                    boolean sooner = random.nextBoolean();
                    if (sooner) {
                        put(pair.left(), expected.text());
                    }
                    Registration registration = selector.register(pair.right(), READS, expected);
                    if (!sooner) {
                        put(pair.left(), expected.text());
                    }
                    end(registration, pair, expected, carrier, random);
                }
            }
        }
        return true;
    }

    /// Ends a registration in one of the ways in which it may end.
    private static void end(
            Registration registration,
            SocketPair<? extends Endpoint> pair,
            Expected expected,
            SocketPair<MessageSocket> carrier,
            Random random)
            throws Exception {
        switch (random.nextInt(6)) {
            case 0 -> registration.cancel();
            case 1 -> registration.interest(NOTHING);
            case 2 -> registration.interest(BOTH).interest(READS);
            case 3 -> pair.left().close();
            case 4 ->
                assertThat(expected.came().await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            default -> {
                carry(carrier, pair.right());
                pair.right().close(); // and lives on in a message
                put(pair.left(), expected.text());
            }
        }
    }

    private static void carry(SocketPair<MessageSocket> carrier, Endpoint end) throws IOException {
        drop(carrier.right());
        carrier.left().send(ByteBuffer.allocate(1), List.of(end));
    }

    /// Drops what was sent before.
    private static void drop(MessageSocket carried) throws IOException {
        Received received = carried.tryReceive(ByteBuffer.allocate(1), 0);
        while (received != null) {
            received.close();
            received = carried.tryReceive(ByteBuffer.allocate(1), 0);
        }
    }
}
