package dev.dyad.socket.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Readiness;
import dev.dyad.socket.Registration;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SelectorExamplesTest {

    // @start region="selector"
    static void readAll(List<StreamSocket> clients, OutputStream target) throws IOException {
        var bytes = ByteBuffer.allocate(8192);
        try (SocketSelector selector = SocketSelector.open()) {
            for (StreamSocket client : clients) {
                selector.register(client, EnumSet.of(Readiness.READ), null);
            }
            while (!selector.registrations().isEmpty()) {
                selector.select(ready -> {
                    if (((StreamSocket) ready.endpoint()).tryRead(bytes.clear()) < 0) {
                        ready.cancel(); // its peer has closed
                    }
                    target.write(bytes.array(), 0, bytes.position());
                });
            }
        }
    }
    // @end

    @Test
    void one_thread_reads_from_all_that_are_ready() throws Exception {
        var text = new ByteArrayOutputStream();
        try (var one = SocketPair.stream();
                var two = SocketPair.stream()) {
            one.left().write(UTF_8.encode("a"));
            two.left().write(UTF_8.encode("a"));
            one.left().close();
            two.left().close();

            readAll(List.of(one.right(), two.right()), text);
        }
        assertThat(text).hasToString("aa");
    }

    // @start region="registration"
    static void writeSome(Registration ready, ByteBuffer left) throws IOException {
        ((StreamSocket) ready.endpoint()).tryWrite(left);
        ready.interest(left.hasRemaining() ? EnumSet.of(Readiness.READ, Readiness.WRITE) : EnumSet.of(Readiness.READ));
    }
    // @end

    @Test
    void an_end_is_watched_for_room_while_something_is_left_to_write() throws Exception {
        try (var pair = SocketPair.stream();
                var selector = SocketSelector.open()) {
            Registration registration = selector.register(pair.left(), EnumSet.of(Readiness.WRITE), null);

            writeSome(registration, UTF_8.encode("all of it"));
            assertThat(registration.interest()).containsExactly(Readiness.READ);

            writeSome(registration, ByteBuffer.allocate(1 << 24));
            assertThat(registration.interest()).contains(Readiness.WRITE);
        }
    }
}
