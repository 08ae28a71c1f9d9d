package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketFactoryTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    @Test
    void every_way_to_make_a_socket_leads_to_the_one_address() throws Exception {
        Path path = folder.resolve("listener");
        var factory = new UnixSocketFactory(path.toString());
        try (var listener = Listener.stream(UnixAddress.of(path))) {
            for (Socket socket : new Socket[] {
                factory.createSocket("database", 5432),
                factory.createSocket("database", 5432, HERE, 1),
                factory.createSocket(HERE, 5432),
                factory.createSocket(HERE, 5432, HERE, 1)
            }) {
                try (socket;
                        var accepted = listener.accept()) {
                    assertThat(socket.getPort()).isEqualTo(5432);
                    socket.getOutputStream().write('x');
                    assertThat(accepted.read(ByteBuffer.allocate(8))).isOne();
                }
            }
        }
    }

    /// As a driver wants one that it makes itself.
    public static final class OfADriver extends UnixSocketFactory {
        private static volatile SocketAddress current = UnixAddress.ofAbstract("nobody");

        public OfADriver() {
            super(current);
        }

        @Override
        protected SocketAddress address() {
            return current;
        }
    }

    @Test
    void a_class_of_a_driver_may_extend_it_and_decide_where_each_socket_leads() throws Exception {
        SocketFactory factory = OfADriver.class.getConstructor().newInstance();
        try (var listener = Listener.stream(Places.name())) {
            OfADriver.current = listener.localAddress();

            try (Socket socket = factory.createSocket()) {
                socket.connect(new InetSocketAddress(HERE, 3306));
                assertThat(socket.isConnected()).isTrue();
            }
        }
    }

    @Test
    void a_socket_is_connected_by_its_client() throws Exception {
        var address =
                UnixAddress.ofAbstract("dyad-factory-" + ProcessHandle.current().pid());
        try (var listener = Listener.stream(address);
                Socket socket = new UnixSocketFactory(address).createSocket()) {
            assertThat(socket.isConnected()).isFalse();
            socket.connect(InetSocketAddress.createUnresolved("anywhere", 1), 5_000);

            try (var accepted = listener.accept()) {
                accepted.write(ByteBuffer.wrap(new byte[] {7}));
                assertThat(socket.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @Test
    void nobody_there_is_a_connect_exception_and_leaves_nothing() throws Exception {
        var factory = new UnixSocketFactory(folder.resolve("nobody"));

        assertThatThrownBy(() -> factory.createSocket("host", 1))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("ENOENT");
        try (Socket socket = factory.createSocket()) {
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress(HERE, 1), 1_000))
                    .isInstanceOf(ConnectException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void a_connect_ends_at_the_timeout_of_the_client() throws Exception {
        var address = UnixAddress.of(folder.resolve("full"));
        var factory = new UnixSocketFactory(address);
        var connected = new ArrayList<Socket>();
        try (var _ = Listener.stream(address, 1)) {
            assertThatThrownBy(() -> {
                        while (connected.size() < 1_000) {
                            connected.add(connect(factory));
                        }
                    })
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Connect timed out");
        } finally {
            for (Socket socket : connected) {
                socket.close();
            }
        }
    }

    private static Socket connect(UnixSocketFactory factory) throws IOException {
        Socket socket = factory.createSocket();
        socket.connect(new InetSocketAddress(HERE, 1), 50);
        return socket;
    }
}
