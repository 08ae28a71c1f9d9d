package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a listener does as a [ServerSocket].
@Timeout(60)
public interface ServerSocketContract extends Listening {

    @Test
    default void the_server_socket_accepts_sockets() throws Exception {
        try (var listener = listen();
                var server = listener.asServerSocket()) {
            var accepting = Waiting.on(listener, threads(), server::accept);
            try (var client = StreamSocket.open(listener.localAddress());
                    var accepted = accepting.get()) {
                client.write(UTF_8.encode("question"));
                assertThat(accepted.getInputStream().readNBytes(8)).isEqualTo("question".getBytes(UTF_8));
                accepted.getOutputStream().write("answer".getBytes(UTF_8));
                assertThat(Bytes.read(client, 6)).isEqualTo("answer".getBytes(UTF_8));
            }
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void a_timeout_ends_an_accept_and_the_server_socket_goes_on() throws Exception {
        try (var listener = listen();
                var server = listener.asServerSocket()) {
            assertThat(server.getSoTimeout()).isZero();
            server.setSoTimeout(1);
            assertThat(server.getSoTimeout()).isOne();
            assertThatThrownBy(Waiting.start(threads(), server::accept)::get)
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Accept timed out");
            assertThatIllegalArgumentException().isThrownBy(() -> server.setSoTimeout(-1));

            server.setSoTimeout(20_000);
            try (var client = StreamSocket.open(listener.localAddress());
                    var accepted = Waiting.start(threads(), server::accept).get()) {
                assertThat(client.isOpen()).isTrue();
                assertThat(accepted.isConnected()).isTrue();
            }
            AddressKind.forget(listener.localAddress());
        }
    }

    @Test
    default void close_ends_an_accept_of_the_server_socket() throws Exception {
        var listener = listen();
        AddressKind.forget(listener.localAddress());
        ServerSocket server = listener.asServerSocket();
        var accepting = Waiting.on(listener, threads(), server::accept);

        server.close();

        assertThatThrownBy(accepting::get)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
        assertThat(listener.isOpen()).isFalse();
        assertThat(server.isClosed()).isTrue();
        assertThatThrownBy(server::accept).isExactlyInstanceOf(SocketException.class);
        assertThatThrownBy(server::getSoTimeout).isExactlyInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.setSoTimeout(1)).isExactlyInstanceOf(SocketException.class);
        assertThatThrownBy(server::getReuseAddress).isExactlyInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.setReceiveBufferSize(1)).isExactlyInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.bind(null)).isExactlyInstanceOf(SocketException.class);
        server.close();
    }

    @Test
    default void an_interrupt_does_what_it_does_to_every_server_socket() throws Exception {
        try (var real = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var theirs = Waiting.inJdk(threads(), real::accept);
            theirs.interrupt();
            try (var listener = listen();
                    var server = listener.asServerSocket()) {
                var ours = Waiting.on(listener, threads(), () -> {
                    try (Socket accepted = server.accept()) {
                        return accepted.isConnected() && Thread.interrupted();
                    }
                });
                ours.interrupt();
                if (isVirtual(threads())) {
                    assertThatThrownBy(theirs::get).isExactlyInstanceOf(SocketException.class);
                    assertThatThrownBy(ours::get)
                            .isExactlyInstanceOf(SocketException.class)
                            .hasMessage("Closed by interrupt");
                    assertThat(real.isClosed()).isTrue();
                    assertThat(server.isClosed()).isTrue();
                } else {
                    new Socket(InetAddress.getLoopbackAddress(), real.getLocalPort()).close();
                    theirs.get().close();
                    StreamSocket.open(listener.localAddress()).close();
                    assertThat(ours.get()).isTrue();
                }
                AddressKind.forget(server.getLocalSocketAddress());
            }
        }
    }

    @Test
    default void an_interrupt_of_a_thread_in_line_makes_a_difference_at_its_turn() throws Exception {
        try (var listener = listen();
                var server = listener.asServerSocket()) {
            var address = listener.localAddress();
            var first = Waiting.on(listener, threads(), server::accept);
            var second = Waiting.inLine(threads(), () -> {
                try (Socket accepted = server.accept()) {
                    return accepted.isConnected() && Thread.interrupted();
                }
            });
            second.interrupt();
            StreamSocket.open(address).close();
            first.get().close();
            if (isVirtual(threads())) {
                assertThatThrownBy(second::get)
                        .isExactlyInstanceOf(SocketException.class)
                        .hasMessage("Closed by interrupt");
                assertThat(server.isClosed()).isTrue();
            } else {
                StreamSocket.open(address).close();
                assertThat(second.get()).isTrue();
            }
            AddressKind.forget(address);
        }
    }

    private static boolean isVirtual(ThreadFactory threads) {
        return threads.newThread(() -> {}).isVirtual();
    }

    @Test
    default void the_server_socket_tells_the_listeners_address_after_its_close_too() throws Exception {
        Listener<StreamSocket> listener = listen();
        ServerSocket server = listener.asServerSocket();
        var address = listener.localAddress();
        AddressKind.forget(address);
        for (int i = 0; i < 2; i++) {
            assertThat(server.isBound()).isTrue();
            assertThat(server.getLocalSocketAddress()).isEqualTo(address);
            if (address instanceof InetSocketAddress internet) {
                assertThat(server.getLocalPort()).isEqualTo(internet.getPort()).isPositive();
                assertThat(server.getInetAddress()).isEqualTo(internet.getAddress());
            } else {
                assertThat(server.getLocalPort()).isZero();
                assertThat(server.getInetAddress().isLoopbackAddress()).isTrue();
            }
            assertThat(server.getChannel()).isNull();
            assertThat(server.toString()).contains(address.toString());
            server.close();
        }
    }

    @Test
    default void the_server_socket_has_the_listeners_options() throws Exception {
        try (var listener = listen();
                var server = listener.asServerSocket()) {
            server.setReceiveBufferSize(8_192);
            assertThat(server.getReceiveBufferSize())
                    .isEqualTo(listener.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isEqualTo(server.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isPositive();
            server.setReuseAddress(true);
            assertThat(server.getReuseAddress()).isTrue();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            assertThat(server.getReuseAddress()).isFalse();
            server.setPerformancePreferences(1, 2, 3);
            assertThat(server.supportedOptions()).isEqualTo(listener.supportedOptions());
            assertThatIllegalArgumentException().isThrownBy(() -> server.setReceiveBufferSize(0));
            assertThatThrownBy(() -> server.bind(new InetSocketAddress(0)))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Already bound");
            AddressKind.forget(listener.localAddress());
        }
    }
}
