package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// From a socket to a connection, and what its ends are called.
class ConnectionsTest extends Face {

    static Stream<ThreadFactory> threads() {
        return Stream.of(Thread.ofPlatform().factory(), Thread.ofVirtual().factory());
    }

    @Test
    void a_socket_is_made_of_each_domain_without_an_error() {
        for (int domain : new int[] {AF_UNIX, AF_INET, AF_INET6}) {
            Socket socket = create(domain, SOCK_STREAM);
            assertThat(socket_last_error(socket)).isZero();
        }
        assertThat(socket_last_error()).isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_domain_or_type_that_is_none_is_an_error() {
        assertThatThrownBy(() -> socket_create(31337, 31337, 0))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_create(): Argument #1 ($domain) must be one of AF_UNIX, AF_PACKET, AF_INET6, or"
                        + " AF_INET");
        assertThatThrownBy(() -> socket_create(AF_INET, 11 | SOCK_NONBLOCK, 0))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_create(): Argument #2 ($type) must be one of SOCK_STREAM, SOCK_DGRAM,"
                        + " SOCK_SEQPACKET, SOCK_RAW, or SOCK_RDM optionally OR'ed with SOCK_CLOEXEC, SOCK_NONBLOCK");
        assertThat(socket_last_error()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 17, 93", "2, 1, 17, 93", "2, 0, 0, 94", "2, -1, 0, 22"})
    void what_the_kernel_does_not_make_is_false_and_a_warning(int domain, int type, int protocol, int errno) {
        assertThat(socket_create(domain, type, protocol)).isNull();

        assertThat(socket_last_error()).isEqualTo(errno);
        assertThat(warnings)
                .containsExactly("socket_create(): Unable to create socket [" + errno + "]: " + socket_strerror(errno));
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_connection_over_ipv4(ThreadFactory threads) throws Exception {
        loop(threads, AF_INET, "127.0.0.1");
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_connection_over_ipv6(ThreadFactory threads) throws Exception {
        loop(threads, AF_INET6, "::1");
    }

    private void loop(ThreadFactory threads, int family, String host) throws Exception {
        Socket listener = create(family, SOCK_STREAM);
        assertThat(socket_bind(listener, host)).isTrue();
        assertThat(socket_listen(listener, 2)).isTrue();
        var address = new Ref<String>();
        var port = new Ref<Integer>();
        assertThat(socket_getsockname(listener, address, port)).isTrue();
        assertThat(address.value).isEqualTo(host);
        var accepting = new FutureTask<>(() -> socket_accept(listener));
        threads.newThread(accepting).start();
        Await.until(() -> listener.php.waiters() > 0, LIMIT);
        Socket client = create(family, SOCK_STREAM);

        assertThat(socket_connect(client, host, value(port))).isTrue();

        Socket server = keep(accepting.get());
        assertThat(socket_write(client, "ABCdef123\n")).isEqualTo(10);
        assertThat(text(socket_read(server, 100))).isEqualTo("ABCdef123\n");
        assertThat(socket_getpeername(client, address, new Ref<>())).isTrue();
        assertThat(address.value).isEqualTo(host);
        var clientPort = new Ref<Integer>();
        assertThat(socket_getsockname(client, new Ref<>(), clientPort)).isTrue();
        assertThat(socket_getpeername(server, address, port)).isTrue();
        assertThat(port.value).isEqualTo(clientPort.value);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void a_connection_over_a_path(ThreadFactory threads, @TempDir Path folder) throws Exception {
        String path = folder.resolve("socket").toString();
        Socket listener = create(AF_UNIX, SOCK_STREAM);
        assertThat(socket_bind(listener, path)).isTrue();
        assertThat(socket_listen(listener)).isTrue();
        var accepting = new FutureTask<>(() -> socket_accept(listener));
        threads.newThread(accepting).start();
        Socket client = create(AF_UNIX, SOCK_STREAM);

        assertThat(socket_connect(client, path)).isTrue();

        Socket server = keep(accepting.get());
        assertThat(socket_write(client, "ABCdef123\n")).isEqualTo(10);
        assertThat(text(socket_read(server, 100))).isEqualTo("ABCdef123\n");
        var name = new Ref<String>();
        var port = new Ref<Integer>(7);
        assertThat(socket_getsockname(listener, name, port)).isTrue();
        assertThat(name.value).isEqualTo(path);
        assertThat(port.value).isEqualTo(7);
        assertThat(socket_getpeername(client, name)).isTrue();
        assertThat(name.value).isEqualTo(path);
        assertThat(socket_getsockname(client, name)).isTrue();
        assertThat(name.value).isEmpty();
    }

    @Test
    void an_abstract_name_is_told_as_nothing() {
        String name = name();
        Socket listener = create(AF_UNIX, SOCK_STREAM);
        assertThat(socket_bind(listener, name)).isTrue();
        assertThat(socket_listen(listener, 1)).isTrue();
        Socket client = create(AF_UNIX, SOCK_STREAM);
        assertThat(socket_connect(client, name)).isTrue();
        var told = new Ref<String>();

        assertThat(socket_getpeername(client, told)).isTrue();

        assertThat(told.value).isEmpty();
    }

    @Test
    void a_path_that_has_no_room_is_an_error() {
        Socket socket = create(AF_UNIX, SOCK_DGRAM);
        String path = "a".repeat(108);

        assertThatThrownBy(() -> socket_bind(socket, path))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_bind(): Argument #2 ($address) must be less than 108");
        assertThatThrownBy(() -> socket_connect(socket, path))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_connect(): Argument #2 ($address) must be less than 108");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10})
    void an_internet_address_needs_a_port(int family) {
        Socket socket = create(family, SOCK_STREAM);

        assertThatThrownBy(() -> socket_connect(socket, "localhost"))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_connect(): Argument #3 ($port) cannot be null when the socket type is "
                        + (family == AF_INET ? "AF_INET" : "AF_INET6"));
    }

    @Test
    void a_host_that_nobody_knows_is_a_warning_of_the_resolver() {
        Socket socket = create(AF_INET, SOCK_STREAM);
        Socket socket6 = create(AF_INET6, SOCK_STREAM);

        assertThat(socket_bind(socket, "nosuch.invalid")).isFalse();
        assertThat(socket_last_error(socket)).isEqualTo(-10001).isEqualTo(socket_last_error());
        assertThat(socket_connect(socket6, "::1%nosuchinterface", 1)).isFalse();
        assertThat(socket_last_error(socket6)).isEqualTo(-10000);
        assertThat(socket_bind(socket, "")).isFalse();
        assertThat(socket_last_error(socket)).isEqualTo(-10003);

        assertThat(warnings)
                .containsExactly(
                        "socket_bind(): Host lookup failed [-10001]: Unknown host",
                        "socket_connect(): Host lookup failed [-10000]: Unknown error -10000",
                        "socket_bind(): Host lookup failed [-10003]: Unknown server error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "::1", "a..b"})
    void nobody_is_asked_for_a_host_that_is_no_name(String host) {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_bind(socket, "nosuch.invalid")).isFalse();
        assertThat(socket_bind(socket, host)).isFalse();

        assertThat(socket_last_error(socket)).isEqualTo(-10000);
    }

    @ParameterizedTest
    @CsvSource({"127.1, 127.0.0.1", "localhost, 127.0.0.1"})
    void a_host_may_be_written_in_many_ways(String host, String number) {
        Socket socket = create(AF_INET, SOCK_STREAM);
        var told = new Ref<String>();

        assertThat(socket_bind(socket, host)).isTrue();

        assertThat(socket_getsockname(socket, told)).isTrue();
        assertThat(told.value).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, ::ffff:127.0.0.1", "::1%1, ::1", "::1, ::1"})
    void a_host_of_ipv6_may_be_one_of_ipv4_or_have_a_scope(String host, String number) {
        Socket socket = create(AF_INET6, SOCK_STREAM);
        var told = new Ref<String>();

        assertThat(socket_bind(socket, host)).isTrue();

        assertThat(socket_getsockname(socket, told)).isTrue();
        assertThat(told.value).isEqualTo(number);
    }

    @Test
    void a_listener_on_a_port_listens_on_all_addresses() {
        Socket listener = keep(socket_create_listen(0));
        var address = new Ref<String>();
        var port = new Ref<Integer>();
        assertThat(socket_getsockname(listener, address, port)).isTrue();

        assertThat(address.value).isEqualTo("0.0.0.0");
        assertThat(socket_create_listen(value(port))).isNull();

        assertThat(socket_last_error()).isEqualTo(SOCKET_EADDRINUSE);
        assertThat(warnings)
                .containsExactly(
                        "socket_create_listen(): unable to bind to given address [98]: Address already in use");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void a_port_has_sixteen_bits(int port) {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        String text = "($port) must be between 0 and 65535";

        assertThatThrownBy(() -> socket_create_listen(port))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_create_listen(): Argument #1 " + text);
        assertThatThrownBy(() -> socket_bind(socket, "127.0.0.1", port))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_bind(): Argument #3 " + text);
        assertThatThrownBy(() -> socket_sendto(socket, bytes("x"), -1, 0, "127.0.0.1", port))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_sendto(): Argument #6 " + text);
    }

    /// Who may not see packets gets no such socket.
    @Test
    void packets_have_no_addresses() {
        Socket socket = socket_create(AF_PACKET, SOCK_DGRAM, 0);
        if (socket == null) {
            assertThat(socket_last_error()).isEqualTo(SOCKET_EPERM);
            return;
        }
        keep(socket);

        assertThatThrownBy(() -> socket_getsockname(socket, new Ref<>()))
                .isInstanceOf(ValueError.class)
                .hasMessageContaining("must be one of AF_UNIX");
        assertThatThrownBy(() -> socket_bind(socket, "lo")).isInstanceOf(ValueError.class);
    }

    @Test
    void a_port_to_connect_to_wraps() {
        var port = new Ref<Integer>();
        Socket listener = listener(port);
        Socket client = create(AF_INET, SOCK_STREAM);

        assertThat(socket_connect(client, "127.0.0.1", value(port) + 65536)).isTrue();

        keep(socket_accept(listener));
    }

    @Test
    void an_accept_that_does_not_wait_leaves_the_listeners_slot_alone() {
        Socket listener = listener(new Ref<>());
        assertThat(socket_set_nonblock(listener)).isTrue();

        assertThat(socket_accept(listener)).isNull();

        assertThat(socket_last_error()).isEqualTo(SOCKET_EAGAIN);
        assertThat(socket_last_error(listener)).isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void what_is_accepted_blocks_though_the_listener_does_not() throws Exception {
        var port = new Ref<Integer>();
        Socket listener = listener(port);
        assertThat(socket_set_nonblock(listener)).isTrue();
        Socket client = create(AF_INET, SOCK_STREAM);
        assertThat(socket_connect(client, "127.0.0.1", value(port))).isTrue();
        var accepted = new Ref<Socket>();
        Await.until(() -> (accepted.value = socket_accept(listener)) != null, LIMIT);
        Socket server = keep(accepted.value);

        var reading = new FutureTask<>(() -> text(socket_read(server, 10)));
        Thread.ofVirtual().start(reading);
        Await.until(() -> server.php.waiters() > 0, LIMIT);
        assertThat(socket_write(client, "x")).isEqualTo(1);

        assertThat(reading.get()).isEqualTo("x");
    }

    @Test
    void what_does_not_listen_accepts_nothing() {
        Socket unbound = create(AF_INET, SOCK_STREAM);
        Socket datagrams = create(AF_INET, SOCK_DGRAM);

        assertThat(socket_accept(unbound)).isNull();
        assertThat(socket_accept(datagrams)).isNull();

        assertThat(warnings)
                .containsExactly(
                        "socket_accept(): unable to accept incoming connection [22]: Invalid argument",
                        "socket_accept(): unable to accept incoming connection [95]: Operation not supported");
        assertThat(socket_last_error(unbound)).isZero();
    }

    @Test
    void an_unbound_path_cannot_listen() {
        Socket socket = create(AF_UNIX, SOCK_STREAM);

        assertThat(socket_listen(socket)).isFalse();

        assertThat(socket_last_error(socket)).isEqualTo(SOCKET_EINVAL);
        assertThat(warnings).containsExactly("socket_listen(): unable to listen on socket [22]: Invalid argument");
    }

    @Test
    void a_listener_cannot_be_connected_and_nobody_is_refused() {
        var port = new Ref<Integer>();
        Socket listener = listener(port);
        Socket client = create(AF_INET, SOCK_STREAM);

        assertThat(socket_connect(listener, "127.0.0.1", value(port))).isFalse();
        socket_close(listener);
        assertThat(socket_connect(client, "127.0.0.1", value(port))).isFalse();

        assertThat(warnings)
                .containsExactly(
                        "socket_connect(): unable to connect [106]: Transport endpoint is already connected",
                        "socket_connect(): unable to connect [111]: Connection refused");
        assertThat(socket_last_error(client)).isEqualTo(SOCKET_ECONNREFUSED);
    }

    @Test
    void a_listener_is_not_connected_to_anybody() {
        Socket listener = listener(new Ref<>());

        assertThat(socket_read(listener, 10)).isNull();

        assertThat(warnings)
                .containsExactly(
                        "socket_read(): unable to read from socket [107]: Transport endpoint is not connected");
    }

    @Test
    void a_connect_that_does_not_wait_is_in_progress_without_a_warning() {
        var port = new Ref<Integer>();
        Socket listener = listener(port);
        Socket client = create(AF_INET, SOCK_STREAM);
        assertThat(socket_set_nonblock(client)).isTrue();

        assertThat(socket_connect(client, "127.0.0.1", value(port))).isFalse();

        assertThat(socket_last_error()).isEqualTo(SOCKET_EINPROGRESS);
        assertThat(socket_last_error(client)).isEqualTo(SOCKET_EINPROGRESS);
        assertThat(warnings).isEmpty();
        keep(socket_accept(listener));
    }

    @Test
    void who_is_not_connected_has_no_peer_and_nothing_is_set() {
        Socket socket = create(AF_INET, SOCK_STREAM);
        var address = new Ref<String>();
        var port = new Ref<Integer>();

        assertThat(socket_getpeername(socket, address, port)).isFalse();

        assertThat(address.value).isNull();
        assertThat(port.value).isNull();
        assertThat(warnings)
                .containsExactly("socket_getpeername(): unable to retrieve peer name [107]:"
                        + " Transport endpoint is not connected");
    }

    @Test
    void the_ends_of_a_pair_have_no_names_and_keep_their_peer() {
        Socket[] pair = pair();
        var address = new Ref<String>("before");
        var port = new Ref<Integer>();

        assertThat(socket_getsockname(pair[0], address, port)).isTrue();
        assertThat(address.value).isEmpty();
        assertThat(socket_getpeername(pair[0], address, port)).isTrue();
        assertThat(address.value).isEmpty();
        assertThat(port.value).isNull();

        assertThat(socket_listen(pair[0])).isFalse();
        assertThat(socket_accept(pair[0])).isNull();
        assertThat(socket_connect(pair[0], "/no/such")).isFalse();
        assertThat(socket_sendto(pair[0], bytes("x"), 1, 0, "/no/such")).isEqualTo(-1);
        assertThat(warnings)
                .containsExactly(
                        "socket_listen(): unable to listen on socket [22]: Invalid argument",
                        "socket_accept(): unable to accept incoming connection [22]: Invalid argument",
                        "socket_connect(): unable to connect [2]: No such file or directory",
                        "socket_sendto(): Unable to write to socket [106]:"
                                + " Transport endpoint is already connected");
    }

    @Test
    void a_closed_socket_is_an_error() {
        Socket closed = create(AF_INET, SOCK_STREAM);
        socket_close(closed);

        assertThatIsClosed("socket_bind", () -> socket_bind(closed, "x"));
        assertThatIsClosed("socket_listen", () -> socket_listen(closed));
        assertThatIsClosed("socket_accept", () -> socket_accept(closed));
        assertThatIsClosed("socket_connect", () -> socket_connect(closed, "x"));
        assertThatIsClosed("socket_getsockname", () -> socket_getsockname(closed, new Ref<>()));
        assertThatIsClosed("socket_getpeername", () -> socket_getpeername(closed, new Ref<>()));
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void types_are_looked_at_before_whether_the_socket_is_open() {
        Socket closed = create(AF_INET, SOCK_STREAM);
        socket_close(closed);

        assertThatThrownBy(() -> socket_bind(closed, null))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_bind(): Argument #2 ($address) must be of type string, null given");
    }
}
