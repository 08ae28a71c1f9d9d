package dev.dyad.socket.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.socket.Credentials;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamExamplesTest {

    // @start region="stream"
    static String ask(SocketAddress address, String question) throws IOException {
        try (StreamSocket server = StreamSocket.open(address)) {
            server.write(UTF_8.encode(question)); // all of it
            server.shutdownOutput();
            return new String(server.inputStream().readAllBytes(), UTF_8);
        }
    }
    // @end

    @Test
    void a_question_is_answered(@TempDir Path folder) throws Exception {
        UnixAddress address = UnixAddress.of(folder.resolve("echo"));
        try (var listener = Listener.stream(address)) {
            var question = new FutureTask<>(() -> ask(address, "hello?"));
            Thread.startVirtualThread(question);
            try (var client = listener.accept()) {
                long _ = client.inputStream().transferTo(client.outputStream());
            }

            assertThat(question.get()).isEqualTo("hello?");
        }
    }

    // @start region="deadline"
    static ByteBuffer exchange(StreamSocket server, ByteBuffer request, int replySize) throws IOException {
        Deadline deadline = Deadline.after(Duration.ofSeconds(5)); // for all calls together
        server.write(request, deadline);
        var reply = ByteBuffer.allocate(replySize);
        while (reply.hasRemaining() && server.read(reply, deadline) >= 0) {} // SocketTimeoutException if too late
        return reply.flip();
    }
    // @end

    @Test
    void a_deadline_is_for_several_calls() throws Exception {
        try (var pair = SocketPair.stream()) {
            pair.right().write(UTF_8.encode("pong"));

            assertThat(exchange(pair.left(), UTF_8.encode("ping"), 4)).isEqualTo(UTF_8.encode("pong"));
        }
    }

    // @start region="movable-deadline"
    static void copy(StreamSocket from, OutputStream to, MovableDeadline patience) throws IOException {
        var bytes = ByteBuffer.allocate(8192);
        while (from.read(bytes.clear(), patience) >= 0) { // until patience.expire() is called, by any thread
            to.write(bytes.array(), 0, bytes.position());
            patience.moveTo(Deadline.after(Duration.ofMinutes(1))); // it is alive: one more minute
        }
    }
    // @end

    @Test
    void a_deadline_that_moves_ends_a_read_and_leaves_the_end_open() throws Exception {
        var patience = new MovableDeadline(Deadline.never());
        try (var pair = SocketPair.stream()) {
            var copying = new FutureTask<>(() -> {
                copy(pair.left(), OutputStream.nullOutputStream(), patience);
                return null;
            });
            Thread.startVirtualThread(copying);
            Await.until(() -> pair.left().waiters() > 0, Duration.ofMinutes(1));
            patience.expire();

            assertThatThrownBy(copying::get).hasCauseInstanceOf(SocketTimeoutException.class);
            assertThat(pair.left().isOpen()).isTrue();
        }
    }

    // @start region="credentials"
    static boolean isFromOneOf(StreamSocket client, Set<Long> users) throws IOException {
        Credentials who = client.peerCredentials(); // null where the kernel does not know
        return who != null && users.contains(who.uid());
    }
    // @end

    @Test
    void a_peer_is_known_by_its_user() throws Exception {
        long uid = ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        try (var pair = SocketPair.stream()) {
            assertThat(isFromOneOf(pair.left(), Set.of(uid))).isTrue();
            assertThat(isFromOneOf(pair.left(), Set.of(uid + 1))).isFalse();
        }
    }

    // @start region="system-call-exception"
    static boolean send(StreamSocket end, ByteBuffer data) throws IOException {
        try {
            end.write(data);
            return true;
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.EPIPE)) {
                return false; // the peer has closed its end
            }
            throw e;
        }
    }
    // @end

    @Test
    void a_peer_that_has_gone_is_told_by_its_error_number() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThat(send(pair.left(), UTF_8.encode("hello"))).isTrue();
            pair.right().close();
            assertThat(send(pair.left(), UTF_8.encode("hello?"))).isFalse();
        }
    }
}
