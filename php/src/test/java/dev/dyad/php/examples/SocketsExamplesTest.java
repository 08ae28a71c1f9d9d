package dev.dyad.php.examples;

import static dev.dyad.php.Pcntl.*;
import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.php.AddressInfo;
import dev.dyad.php.ArgumentCountError;
import dev.dyad.php.ForkBody;
import dev.dyad.php.PhpError;
import dev.dyad.php.Ref;
import dev.dyad.php.Socket;
import dev.dyad.php.TypeError;
import dev.dyad.php.ValueError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SocketsExamplesTest {

    @Test
    void what_is_written_to_one_is_read_from_the_other() {
        // @start region="sockets"
        Socket[] pair = new Socket[2];
        if (!socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair)) {
            throw new IllegalStateException(socket_strerror(socket_last_error()));
        }
        socket_write(pair[0], "hello");
        byte[] text = socket_read(pair[1], 100); // "hello", as bytes
        socket_close(pair[0]);
        socket_close(pair[1]);
        // @end
        assertThat(text).isEqualTo("hello".getBytes(UTF_8));
    }

    // @start region="socket"
    static boolean isListening(String path) {
        try (Socket socket = socket_create(AF_UNIX, SOCK_STREAM, 0)) {
            return socket != null && socket_connect(socket, path); // null is PHP's false
        }
    }
    // @end

    @Test
    void a_socket_may_be_closed_by_a_block(@TempDir Path folder) {
        String path = folder.resolve("listener").toString();
        try (Socket listener = requireNonNull(socket_create(AF_UNIX, SOCK_STREAM, 0))) {
            assertThat(socket_bind(listener, path) && socket_listen(listener)).isTrue();
            assertThat(isListening(path)).isTrue();
        }
    }

    // @start region="ref"
    static @Nullable Integer portOf(Socket socket) {
        var address = new Ref<String>();
        var port = new Ref<Integer>();
        return socket_getsockname(socket, address, port) ? port.value : null; // as &$port
    }
    // @end

    // @start region="address-info"
    static @Nullable Socket bound(String host, String service) {
        List<AddressInfo> found = socket_addrinfo_lookup(host, service, Map.of("ai_socktype", SOCK_STREAM));
        return found == null ? null : socket_addrinfo_bind(found.getFirst());
    }
    // @end

    @Test
    void an_address_that_was_looked_up_is_bound_to() {
        try (Socket socket = requireNonNull(bound("127.0.0.1", "0"))) {
            assertThat(portOf(socket)).isPositive();
        }
    }

    // @start region="body"
    static int greetFromChild(Socket[] pair, String greeting) {
        ForkBody body = sockets -> { // in the child, which has copies of the sockets and of the greeting
            socket_write(sockets[1], greeting);
        };
        return pcntl_fork(body, pair);
    }
    // @end

    // @start region="pcntl"
    static String endOf(int pid) {
        var status = new Ref<Integer>();
        if (pcntl_waitpid(pid, status) == -1) {
            return pcntl_strerror(pcntl_get_last_error());
        }
        int word = requireNonNull(status.value);
        return pcntl_wifexited(word) ? "exit " + pcntl_wexitstatus(word) : "signal " + pcntl_wtermsig(word);
    }
    // @end

    static final class Forks {
        public static void main(String[] arguments) {
            Socket[] pair = new Socket[2];
            socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
            int pid = greetFromChild(pair, "hello");
            var_dump(socket_read(pair[0], 100));
            echo(endOf(pid) + "\n");
        }
    }

    @Test
    void a_body_runs_in_a_child() throws Exception {
        assertThat(JavaProbe.of(Forks.class).run()).hasToString("exit 0\nstring(5) \"hello\"\nexit 0\n");
    }

    // @start region="php-error"
    static @Nullable String mistake(Runnable call) {
        try {
            call.run();
            return null;
        } catch (PhpError e) { // a mistake of the program; what the system refuses is in socket_last_error()
            return e.getMessage();
        }
    }
    // @end

    @Test
    void a_mistake_is_an_error() {
        Socket[] pair = new Socket[2];
        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
        socket_close(pair[0]);

        assertThat(mistake(() -> socket_write(pair[0], "hello")))
                .isEqualTo("socket_write(): Argument #1 ($socket) has already been closed");
        assertThat(mistake(() -> socket_close(pair[1]))).isNull();
    }

    // @start region="value-error"
    static @Nullable Socket stream(int domain) {
        try {
            return socket_create(domain, SOCK_STREAM, 0);
        } catch (ValueError e) { // no domain at all: "socket_create(): Argument #1 ($domain) must be one of …"
            return socket_create(AF_UNIX, SOCK_STREAM, 0);
        }
    }
    // @end

    @Test
    void a_value_that_makes_no_sense_is_an_error() {
        try (Socket socket = stream(-1)) {
            assertThat(socket).isNotNull();
        }
    }

    // @start region="type-error"
    static void setReceiveTimeout(Socket socket, Object timeout) {
        try {
            socket_set_option(socket, SOL_SOCKET, SO_RCVTIMEO, timeout);
        } catch (TypeError e) { // it wants an array: "… must be of type array when argument #3 ($option) is …"
            socket_set_option(socket, SOL_SOCKET, SO_RCVTIMEO, Map.of("sec", timeout, "usec", 0));
        }
    }
    // @end

    @Test
    void an_argument_of_the_wrong_type_is_an_error() {
        try (Socket socket = requireNonNull(stream(AF_UNIX))) {
            setReceiveTimeout(socket, 5);
            assertThat(socket_get_option(socket, SOL_SOCKET, SO_RCVTIMEO)).isEqualTo(Map.of("sec", 5, "usec", 0));
        }
    }

    // @start region="argument-count-error"
    static int receive(Socket socket, Ref<byte[]> data, Ref<String> address, Ref<Integer> port) {
        try {
            return socket_recvfrom(socket, data, 1024, MSG_DONTWAIT, address);
        } catch (ArgumentCountError e) { // of AF_INET and AF_INET6: they have ports
            return socket_recvfrom(socket, data, 1024, MSG_DONTWAIT, address, port);
        }
    }
    // @end

    @Test
    void a_form_that_the_socket_does_not_take_is_an_error() {
        var address = new Ref<String>();
        try (Socket socket = requireNonNull(socket_create(AF_INET, SOCK_DGRAM, 0))) {
            socket_bind(socket, "127.0.0.1");
            int port = requireNonNull(portOf(socket));
            socket_sendto(socket, "hello".getBytes(UTF_8), 5, 0, "127.0.0.1", port);

            assertThat(receive(socket, new Ref<>(), address, new Ref<>())).isEqualTo(5);
            assertThat(address.value).isEqualTo("127.0.0.1");
        }
    }
}
