package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A listener of ours in a child that accepts as programs do that know nothing of `O_NONBLOCK`.
@Timeout(60)
class GivenListenerInteropTest {

    private static final String ACCEPTING = """
            import socket, sys
            control = socket.socket(fileno=3)
            number = 4
            if sys.argv[1] == "message":
                _, (number,), _, _ = socket.recv_fds(control, 1, 1)
            listener = socket.socket(fileno=number)
            control.send(b"!")
            connection, _ = listener.accept()
            connection.send(b"?")
            """;

    @Test
    void a_child_accepts_on_a_listener_that_it_was_started_with(@TempDir Path folder) throws Exception {
        try (Listener<StreamSocket> listener = Listener.stream(UnixAddress.of(folder.resolve("socket")));
                Child child = accepting("start").with(4, listener).spawn()) {
            assertAccepts(child, listener);
        }
    }

    @Test
    void a_child_accepts_on_a_listener_that_it_was_sent(@TempDir Path folder) throws Exception {
        try (Listener<StreamSocket> listener = Listener.stream(UnixAddress.of(folder.resolve("socket")));
                Child child = accepting("message").spawn()) {
            child.socket().send(ByteBuffer.allocate(1), List.of(listener));
            assertAccepts(child, listener);
        }
    }

    private static Command accepting(String how) {
        return Command.of("python3", "-c", ACCEPTING, how);
    }

    private static void assertAccepts(Child child, Listener<StreamSocket> listener) throws Exception {
        assertThat(child.socket().read(ByteBuffer.allocate(1), soon())).isOne();
        try (var client = StreamSocket.open(listener.localAddress())) {
            assertThat(client.read(ByteBuffer.allocate(1), soon())).isOne();
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }
}
