package dev.dyad.contract;

import static dev.dyad.contract.Ends.fill;
import static dev.dyad.contract.Ends.put;
import static dev.dyad.contract.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Readiness;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// How ends of a connection are watched, of which one is told when the other has gone.
public interface ConnectedSelectionContract extends Selecting {

    /// Waits for one event, and receives at most `most` bytes of what is there.
    ///
    /// @return how many came, or `-1` at the end
    private long receiveAtAnEvent(SocketSelector selector, Registration registration, int most) throws Exception {
        return Waiting.start(threads(), () -> {
                    var received = new long[1];
                    int told = selector.select(ready -> {
                        assertThat(ready).isSameAs(registration);
                        assertThat(ready.isReadable()).isTrue();
                        received[0] = receive(ready.endpoint(), ByteBuffer.allocate(most));
                    });
                    assertThat(told).isOne();
                    return received[0];
                })
                .get();
    }

    private static long receive(Endpoint end, ByteBuffer room) throws IOException {
        if (end instanceof StreamSocket stream) {
            return stream.read(room);
        }
        try (var received = ((MessageSocket) end).receive(room)) {
            return received.length();
        }
    }

    @Test
    default void what_a_peer_has_sent_before_it_went_is_read_to_its_end() throws Exception {
        int pieces = 10;
        int piece = 1_000;
        try (var selector = SocketSelector.open();
                var pair = open()) {
            for (int i = 0; i < pieces; i++) {
                put(pair.left(), "x".repeat(piece));
            }
            Registration registration = selector.register(pair.right(), READS, null);
            pair.left().close();

            for (int i = 0; i < pieces; i++) {
                assertThat(receiveAtAnEvent(selector, registration, piece)).isEqualTo(piece);
                assertThat(registration.isValid()).isTrue();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(receiveAtAnEvent(selector, registration, piece)).isEqualTo(-1);
            }
            assertThat(registration.isValid()).isTrue();
        }
    }

    @Test
    default void the_end_of_a_peer_ends_a_select_for_whatever_was_asked_for() throws Exception {
        for (Set<Readiness> interest : List.of(READS, WRITES, BOTH)) {
            try (var selector = SocketSelector.open();
                    var pair = open()) {
                fill(pair.right());
                Registration registration = selector.register(pair.right(), interest, null);
                var select = Waiting.on(selector, threads(), () -> selector.select(_ -> {}));

                pair.left().close();

                assertThat(select.get()).isOne();
                assertThat(registration.isReadable()).isEqualTo(interest.contains(Readiness.READ));
                assertThat(registration.isWritable()).isEqualTo(interest.contains(Readiness.WRITE));
                registration.interest(NOTHING);
                assertThat(selector.selectNow(_ -> {})).isZero();
                registration.interest(interest);
                assertThat(selector.selectNow(_ -> {})).isOne();
            }
        }
    }

    @Test
    default void half_a_close_is_the_end_only_for_reading() throws Exception {
        try (var selector = SocketSelector.open();
                var pair = open()) {
            fill(pair.right());
            Registration registration = selector.register(pair.right(), BOTH, null);
            var select = Waiting.on(selector, threads(), () -> selector.select(_ -> {}));

            switch (pair.left()) {
                case StreamSocket stream -> stream.shutdownOutput();
                case MessageSocket messages -> messages.shutdownOutput();
                default -> throw new AssertionError();
            }

            assertThat(select.get()).isOne();
            assertThat(registration.isReadable()).isTrue();
            assertThat(registration.isWritable()).isFalse();
            assertThat(take(pair.right())).isEmpty();
        }
    }
}
