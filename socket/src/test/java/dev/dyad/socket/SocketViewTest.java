package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What clients do to a socket before they use it; how it carries bytes is in `ViewContract`.
@Timeout(60)
class SocketViewTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    /// What is not overridden would ask an implementation that is not there.
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void every_method_is_overridden(Method method) throws Exception {
        assertThat(SocketView.class
                        .getMethod(method.getName(), method.getParameterTypes())
                        .getDeclaringClass())
                .isEqualTo(SocketView.class);
    }

    static Method[] every_method_is_overridden() {
        return Arrays.stream(Socket.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .toArray(Method[]::new);
    }

    @Test
    void options_that_clients_set_are_remembered() throws Exception {
        try (var pair = SocketPair.stream();
                Socket socket = pair.left().asSocket()) {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setReuseAddress(true);
            socket.setOOBInline(true);
            socket.setSoLinger(true, 100_000);
            socket.setSendBufferSize(1 << 16);
            socket.setReceiveBufferSize(1 << 17);
            socket.setTrafficClass(0x10);
            socket.setPerformancePreferences(1, 2, 3);

            assertThat(socket.getTcpNoDelay()).isTrue();
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getReuseAddress()).isTrue();
            assertThat(socket.getOOBInline()).isTrue();
            assertThat(socket.getSoLinger()).isEqualTo(65_535);
            assertThat(socket.getSendBufferSize()).isEqualTo(1 << 16);
            assertThat(socket.getReceiveBufferSize()).isEqualTo(1 << 17);
            assertThat(socket.getTrafficClass()).isEqualTo(0x10);
            socket.setSoLinger(false, 7);
            assertThat(socket.getSoLinger()).isEqualTo(-1);
        }
    }

    @Test
    void options_by_name_are_the_same_ones() throws Exception {
        try (var pair = SocketPair.stream();
                Socket socket = pair.left().asSocket()) {
            assertThat(socket.setOption(StandardSocketOptions.TCP_NODELAY, true))
                    .isSameAs(socket);
            assertThat(socket.getTcpNoDelay()).isTrue();
            assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            for (SocketOption<?> option : socket.supportedOptions()) {
                assertThat(socket.getOption(option)).isInstanceOf(option.type());
            }
            assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void values_that_no_socket_takes_are_refused() throws Exception {
        try (var pair = SocketPair.stream();
                Socket socket = pair.left().asSocket()) {
            assertThatThrownBy(() -> socket.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setSoLinger(true, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setSendBufferSize(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setReceiveBufferSize(-5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setTrafficClass(256)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.connect(SOMEWHERE, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.sendUrgentData(1)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_closed_socket_says_so_to_everything_that_is_asked() throws Exception {
        var pair = SocketPair.stream();
        Socket socket = pair.left().asSocket();
        pair.close();

        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.toString()).contains("closed");
        assertThatThrownBy(() -> socket.connect(SOMEWHERE)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.setTcpNoDelay(true)).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getTcpNoDelay).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.setSoTimeout(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getSoTimeout).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.setOOBInline(true)).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getOOBInline).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
        socket.close();
    }

    @Test
    void addresses_are_those_that_the_client_gave_or_name_nothing() throws Exception {
        try (var pair = SocketPair.stream();
                Socket socket = pair.left().asSocket()) {
            assertThat(socket.getInetAddress().isLoopbackAddress()).isTrue();
            assertThat(socket.getLocalAddress().isLoopbackAddress()).isTrue();
            assertThat(socket.getPort()).isZero();
            assertThat(socket.getLocalPort()).isZero();
            assertThat(socket.getRemoteSocketAddress()).isEqualTo(UnixAddress.unnamed());
            assertThat(socket.getLocalSocketAddress()).isEqualTo(UnixAddress.unnamed());
            assertThat(socket.getChannel()).isNull();
            socket.bind(null);

            socket.connect(SOMEWHERE);

            assertThat(socket.getRemoteSocketAddress()).isEqualTo(SOMEWHERE);
            assertThat(socket.getPort()).isEqualTo(80);
        }
    }

    @Test
    void an_end_that_is_not_connected_is_no_socket_yet() throws Exception {
        try (var end = StreamSocket.open(SocketPair.AF_UNIX)) {
            assertThatThrownBy(end::asSocket).isInstanceOf(NotYetConnectedException.class);
            assertThatThrownBy(end::toSocketChannel).isInstanceOf(NotYetConnectedException.class);
            assertThat(end.isOpen()).isTrue();
        }
    }

    @Test
    void an_end_of_the_internet_tells_its_addresses() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var listener = Listener.stream(any);
                Socket socket = StreamSocket.open(listener.localAddress()).asSocket();
                var accepted = listener.accept()) {
            assertThat(socket.getRemoteSocketAddress()).isEqualTo(listener.localAddress());
            assertThat(socket.getLocalSocketAddress()).isEqualTo(accepted.remoteAddress());
            assertThat(new InetSocketAddress(socket.getInetAddress(), socket.getPort()))
                    .isEqualTo(listener.localAddress());
            assertThat(new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()))
                    .isEqualTo(accepted.remoteAddress());
        }
    }

    @Test
    void a_socket_that_is_to_be_connected_is_connected_where_it_was_meant_to_go() throws Exception {
        try (var listener = Listener.stream(Places.name());
                Socket socket = SocketView.to(listener.localAddress())) {
            assertThat(socket.isConnected()).isFalse();
            assertThat(socket.isBound()).isFalse();
            assertThat(socket.getInetAddress()).isNull();
            assertThat(socket.getRemoteSocketAddress()).isNull();
            assertThat(socket.getLocalPort()).isEqualTo(-1);
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
            socket.setSoTimeout(1_000);

            socket.connect(SOMEWHERE, 1_000);

            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.getRemoteSocketAddress()).isEqualTo(SOMEWHERE);
            assertThatThrownBy(() -> socket.connect(SOMEWHERE)).isInstanceOf(SocketException.class);
            socket.getOutputStream().write('x');
            try (var accepted = listener.accept()) {
                assertThat(accepted.read(ByteBuffer.allocate(8))).isOne();
            }
        }
    }

    @Test
    void a_connect_that_fails_closes_the_socket() throws Exception {
        try (Socket socket = SocketView.to(Places.name())) {
            assertThatThrownBy(() -> socket.connect(SOMEWHERE))
                    .isInstanceOf(ConnectException.class)
                    .hasCauseInstanceOf(SystemCallException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void close_ends_a_connect_that_is_waiting(Kind kind) throws Exception {
        try (var full = new FullListener()) {
            Socket socket = SocketView.to(full.address());
            var connecting = full.connect(socket, kind);

            socket.close();

            assertThatThrownBy(connecting::get)
                    .cause()
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket closed");
            assertThat(socket.isConnected()).isFalse();
        }
    }

    @Test
    void an_interrupt_ends_a_connect_only_on_a_virtual_thread() throws Exception {
        try (var full = new FullListener()) {
            Socket virtual = SocketView.to(full.address());
            var ended = full.connect(virtual, Kind.VIRTUAL);
            full.caller().interrupt();
            assertThatThrownBy(ended::get)
                    .cause()
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Closed by interrupt");
            assertThat(virtual.isClosed()).isTrue();

            try (Socket platform = SocketView.to(full.address())) {
                var connecting = full.connect(platform, Kind.PLATFORM);
                full.caller().interrupt();
                full.makeRoom();
                assertThat(connecting.get()).as("its interrupt flag").isTrue();
                assertThat(platform.isConnected()).isTrue();
            }
        }
    }

    @Test
    void a_second_connect_is_refused_while_the_first_is_under_way() throws Exception {
        try (var full = new FullListener();
                Socket socket = SocketView.to(full.address())) {
            var connecting = full.connect(socket, Kind.PLATFORM);

            assertThatThrownBy(() -> socket.connect(SOMEWHERE)).isExactlyInstanceOf(SocketException.class);
            full.makeRoom();
            assertThat(connecting.get()).isFalse();
        }
    }

    @Test
    void a_socket_of_the_internet_has_the_options_that_its_client_sets() throws Exception {
        try (var listener = Listener.stream(Places.port());
                Socket socket = SocketView.to(listener.localAddress())) {
            socket.setTcpNoDelay(true);
            socket.connect(SOMEWHERE);
            assertThat(socket.getTcpNoDelay()).isTrue();
            try (var accepted = listener.accept();
                    Socket other = accepted.asSocket()) {
                other.setKeepAlive(true);
                other.setTcpNoDelay(true);
                assertThat(accepted.getOption(StandardSocketOptions.SO_KEEPALIVE))
                        .isTrue();
                assertThat(accepted.getOption(StandardSocketOptions.TCP_NODELAY))
                        .isTrue();
            }
        }
    }

    @Test
    void the_peer_is_told_by_the_option_of_the_jdk_as_by_its_channels() throws Exception {
        try (var listener = Listener.stream(Places.name());
                var client = StreamSocket.open(listener.localAddress());
                var accepted = listener.accept();
                Socket socket = client.asSocket();
                var unconnected = StreamSocket.open(SocketPair.AF_UNIX)) {
            assertThat(client.supportedOptions()).contains(ExtendedSocketOptions.SO_PEERCRED);
            assertThat(unconnected.getOption(ExtendedSocketOptions.SO_PEERCRED)).isNull();
            var told = Objects.requireNonNull(client.getOption(ExtendedSocketOptions.SO_PEERCRED));
            assertThat(socket.getOption(ExtendedSocketOptions.SO_PEERCRED)).isEqualTo(told);
            assertThatThrownBy(() -> client.setOption(ExtendedSocketOptions.SO_PEERCRED, told))
                    .isInstanceOf(UnsupportedOperationException.class);
            try (var channel = accepted.toSocketChannel()) {
                assertThat(told).isEqualTo(channel.getOption(ExtendedSocketOptions.SO_PEERCRED));
            }
        }
    }

    enum Kind {
        PLATFORM,
        VIRTUAL;

        Thread start(Runnable task) {
            return this == VIRTUAL
                    ? Thread.ofVirtual().start(task)
                    : Thread.ofPlatform().start(task);
        }
    }

    /// A listener to which nobody more can connect for now.
    private static final class FullListener implements AutoCloseable {
        private final Listener<StreamSocket> listener = Listener.stream(Places.name(), 0);
        private final StreamSocket first = StreamSocket.open(listener.localAddress());
        private @Nullable Thread caller;

        FullListener() throws IOException {}

        SocketAddress address() throws IOException {
            return listener.localAddress();
        }

        /// Has a socket be connected, and returns once that waits; it answers whether the thread is interrupted.
        FutureTask<Boolean> connect(Socket socket, Kind kind) {
            var task = new FutureTask<>(() -> {
                socket.connect(SOMEWHERE);
                return Thread.currentThread().isInterrupted();
            });
            Thread started = kind.start(task);
            caller = started;
            Await.until(() -> started.getState() == Thread.State.TIMED_WAITING, LIMIT); // no event tells
            return task;
        }

        Thread caller() {
            return Objects.requireNonNull(caller);
        }

        void makeRoom() throws IOException {
            listener.accept().close();
        }

        @Override
        public void close() throws IOException {
            first.close();
            listener.close();
        }
    }

    @Test
    void the_stream_of_the_socket_closes_the_socket() throws Exception {
        try (var pair = SocketPair.stream()) {
            Socket socket = pair.left().asSocket();
            pair.right().write(UTF_8.encode("x"));
            try (var in = socket.getInputStream()) {
                assertThat(in.read()).isEqualTo('x');
            }
            assertThat(socket.isClosed()).isTrue();
            assertThat(pair.left().isOpen()).isFalse();
        }
    }
}
