package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramsTest extends Face {

    private final Ref<byte[]> data = new Ref<>();
    private final Ref<String> from = new Ref<>();
    private final Ref<Integer> port = new Ref<>();

    @Test
    void a_request_is_answered_to_the_path_it_came_from(@TempDir Path folder) {
        Socket server = create(AF_UNIX, SOCK_DGRAM);
        Socket client = create(AF_UNIX, SOCK_DGRAM);
        String serverPath = folder.resolve("server").toString();
        String clientPath = folder.resolve("client").toString();
        assertThat(socket_bind(server, serverPath)).isTrue();
        assertThat(socket_bind(client, clientPath)).isTrue();

        for (int i = 0; i < 10; i++) {
            assertThat(socket_sendto(client, bytes("request " + i), 100, 0, serverPath))
                    .isEqualTo(9);
            assertThat(socket_recvfrom(server, data, 100, 0, from)).isEqualTo(9);
            assertThat(text(data.value)).isEqualTo("request " + i);
            assertThat(from.value).isEqualTo(clientPath);
            assertThat(socket_sendto(server, bytes("answer"), 100, 0, value(from)))
                    .isEqualTo(6);
            assertThat(socket_recvfrom(client, data, 100, 0, from, port)).isEqualTo(6);
            assertThat(from.value).isEqualTo(serverPath);
        }
        assertThat(port.value).isNull();
    }

    @ParameterizedTest
    @CsvSource({"2, 127.0.0.1", "10, ::1"})
    void a_datagram_to_oneself_says_where_it_came_from(int family, String host) {
        Socket socket = create(family, SOCK_DGRAM);
        assertThat(socket_bind(socket, host)).isTrue();
        var own = new Ref<Integer>();
        assertThat(socket_getsockname(socket, from, own)).isTrue();

        assertThat(socket_sendto(socket, bytes("Ping!"), 5, 0, host, value(own)))
                .isEqualTo(5);

        assertThat(socket_recvfrom(socket, data, 100, 0, from, port)).isEqualTo(5);
        assertThat(text(data.value)).isEqualTo("Ping!");
        assertThat(from.value).isEqualTo(host);
        assertThat(port.value).isEqualTo(own.value);
    }

    @Test
    void nothing_there_is_silent_and_touches_nothing() {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        assertThat(socket_set_nonblock(socket)).isTrue();

        assertThat(socket_recvfrom(socket, data, 12, 0, from, port)).isEqualTo(-1);

        assertThat(socket_last_error(socket)).isEqualTo(SOCKET_EAGAIN);
        assertThat(warnings).isEmpty();
        assertThat(data.value).isNull();
        assertThat(from.value).isNull();
        assertThat(port.value).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void no_length_is_false_and_silent(int length) {
        Socket[] pair = pair();
        data.value = bytes("before");

        assertThat(socket_recvfrom(pair[0], data, length, 0, from)).isEqualTo(-1);
        assertThat(socket_recv(pair[0], data, length, 0)).isEqualTo(-1);

        assertThat(socket_last_error()).isZero();
        assertThat(text(data.value)).isEqualTo("before");
    }

    @Test
    void the_internet_needs_a_place_for_the_port() {
        Socket socket = create(AF_INET, SOCK_DGRAM);

        assertThat(socket_recvfrom(socket, data, 0, 0, from)).isEqualTo(-1);
        assertThatThrownBy(() -> socket_recvfrom(socket, data, 1, 0, from))
                .isInstanceOf(ArgumentCountError.class)
                .hasMessage(
                        "socket_recvfrom() expects exactly 6 arguments when argument #1 ($socket) is of type AF_INET or"
                                + " AF_INET6");
        assertThatThrownBy(() -> socket_sendto(socket, bytes("x"), 1, 0, "localhost"))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_sendto(): Argument #6 ($port) cannot be null when the socket type is AF_INET");
    }

    @Test
    void a_negative_length_is_an_error_before_all_else() {
        Socket socket = create(AF_INET, SOCK_DGRAM);

        assertThatThrownBy(() -> socket_sendto(socket, bytes("x"), -1, 0, "localhost"))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_sendto(): Argument #3 ($length) must be greater than or equal to 0");
        assertThatThrownBy(() -> socket_send(socket, bytes("x"), -1, MSG_OOB))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_send(): Argument #3 ($length) must be greater than or equal to 0");
    }

    @Test
    void a_stream_does_not_say_where_it_came_from() {
        Socket[] tcp = connected();
        assertThat(socket_write(tcp[0], "hello")).isEqualTo(5);
        assertThat(socket_recvfrom(tcp[1], data, 10, 0, from, port)).isEqualTo(5);
        assertThat(from.value).isEqualTo("0.0.0.0");
        assertThat(port.value).isZero();

        Socket[] pair = pair();
        socket_close(pair[0]);
        assertThat(socket_recvfrom(pair[1], data, 10, 0, from)).isZero();
        assertThat(data.value).isEmpty();
        assertThat(from.value).isEmpty();
    }

    @Test
    void a_path_is_a_c_string_of_less_than_108_bytes() {
        Socket socket = create(AF_UNIX, SOCK_DGRAM);

        assertThat(socket_sendto(socket, bytes("x"), 1, 0, "\0abc")).isEqualTo(-1);
        assertThat(socket_last_error()).isEqualTo(SOCKET_EINVAL);
        assertThat(socket_sendto(socket, bytes("x"), 1, 0, "/no/such\0thing")).isEqualTo(-1);
        assertThat(socket_last_error()).isEqualTo(SOCKET_ENOENT);
        assertThatThrownBy(() -> socket_sendto(socket, bytes("x"), 1, 0, "a".repeat(512)))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_sendto(): Argument #5 ($address) must be less than 108");
    }

    @Test
    void a_send_to_a_full_receiver_waits_until_it_has_room(@TempDir Path folder) throws Exception {
        Socket server = create(AF_UNIX, SOCK_DGRAM);
        Socket client = create(AF_UNIX, SOCK_DGRAM);
        String path = folder.resolve("server").toString();
        assertThat(socket_bind(server, path)).isTrue();
        int queued = 0;
        while (socket_sendto(client, bytes("x"), 1, MSG_DONTWAIT, path) == 1) {
            queued++;
        }
        assertThat(socket_last_error(client)).isEqualTo(SOCKET_EAGAIN);
        var sending = new FutureTask<>(() -> socket_sendto(client, bytes("last"), 4, 0, path));
        Thread.ofVirtual().start(sending);
        Await.until(() -> client.php.waiters() > 0, LIMIT);

        for (int i = 0; i < queued; i++) {
            assertThat(socket_recvfrom(server, data, 10, 0, from)).isEqualTo(1);
        }

        assertThat(sending.get()).isEqualTo(4);
        assertThat(socket_recvfrom(server, data, 10, 0, from)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_receive_that_waits_ends_when_another_thread_shuts_the_reading_down(boolean virtual) throws Exception {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);
        var receiving = new FutureTask<>(() -> socket_recvfrom(pair[1], data, 10, 0, from));
        var _ = virtual
                ? Thread.startVirtualThread(receiving)
                : Thread.ofPlatform().start(receiving);
        Await.until(() -> pair[1].php.waiters() > 0, LIMIT);

        assertThat(socket_shutdown(pair[1], 0)).isTrue();

        assertThat(receiving.get()).isZero();
        assertThat(data.value).isEmpty();
        assertThat(from.value).isEmpty();
    }

    @Test
    void a_message_that_was_longer_is_cut_whatever_its_length_is_said_to_be() {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);
        assertThat(socket_write(pair[0], "0123456789")).isEqualTo(10);
        assertThat(socket_write(pair[0], "0123456789")).isEqualTo(10);

        assertThat(socket_recv(pair[1], data, 4, MSG_TRUNC)).isEqualTo(10);
        assertThat(text(data.value)).isEqualTo("0123");
        assertThat(socket_recvfrom(pair[1], data, 4, MSG_TRUNC, from)).isEqualTo(10);
        assertThat(text(data.value)).isEqualTo("0123");
    }

    @Test
    void a_message_too_long_is_refused() {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);

        assertThat(socket_write(pair[0], new byte[200_000])).isEqualTo(200_000);
        assertThat(socket_write(pair[0], new byte[1_000_000])).isEqualTo(-1);

        assertThat(warnings).containsExactly("socket_write(): unable to write to socket [90]: Message too long");
        assertThat(text(socket_read(pair[1], 250_000))).hasSize(200_000);
    }

    @Test
    void nobody_at_the_other_end_is_refused_once_and_then_not_connected() {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);
        socket_close(pair[1]);

        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        assertThat(socket_last_error()).isEqualTo(SOCKET_ECONNREFUSED);
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        assertThat(socket_last_error()).isEqualTo(SOCKET_ENOTCONN);
    }

    @Test
    void a_closed_socket_is_an_error() {
        Socket closed = create(AF_UNIX, SOCK_DGRAM);
        socket_close(closed);

        assertThatIsClosed("socket_sendto", () -> socket_sendto(closed, bytes("x"), -1, 0, "x"));
        assertThatIsClosed("socket_recvfrom", () -> socket_recvfrom(closed, data, -1, 0, from));
        assertThatIsClosed("socket_send", () -> socket_send(closed, bytes("x"), -1, 0));
        assertThatIsClosed("socket_recv", () -> socket_recv(closed, data, -1, 0));
    }
}
