package dev.dyad.socket;

import static dev.dyad.socket.ManualErrors.Meaning.EITHER;
import static dev.dyad.socket.When.BEFORE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What shows an end as the JDK has such things.
final class ViewOperations {

    private ViewOperations() {}

    static Stream<Operation> all() {
        return Stream.of(streams(), sockets(), channels(), servers()).flatMap(some -> some);
    }

    private static Stream<Operation> streams() {
        return Stream.of(
                Operation.of(
                        "read from an input stream",
                        "StreamSocket.inputStream()",
                        () -> new Reading(ByteBuffer::allocate, BEFORE, (end, targets) -> {
                            int count = end.inputStream().read(targets[0].array());
                            targets[0].position(count);
                        })),
                Operation.of(
                        "ask an input stream how much there is",
                        "",
                        () -> new Reading(
                                ByteBuffer::allocate,
                                BEFORE,
                                (end, targets) -> assertThat(end.inputStream().available())
                                        .isEqualTo(100))),
                Operation.of(
                        "write to an output stream",
                        "StreamSocket.outputStream()",
                        () -> new Writing(ByteBuffer::allocate, BEFORE, (end, sources) -> {
                            end.outputStream().write(sources[0].array());
                            sources[0].position(sources[0].limit());
                        })));
    }

    private static Stream<Operation> sockets() {
        return Stream.of(
                Operation.of(
                                "read from a socket",
                                "StreamSocket.asSocket()",
                                () -> new Reading(ByteBuffer::allocate, BEFORE, (end, targets) -> {
                                    Socket socket = end.asSocket();
                                    socket.setSoTimeout(5_000);
                                    targets[0].position(socket.getInputStream().read(targets[0].array()));
                                }))
                        .where("getsockname", EITHER) // a name that is not known is none
                        .where("getpeername", EITHER),
                Operation.of(
                                "write to a socket",
                                "",
                                () -> new Writing(ByteBuffer::allocate, BEFORE, (end, sources) -> {
                                    end.asSocket().getOutputStream().write(sources[0].array());
                                    sources[0].position(sources[0].limit());
                                }))
                        .where("getsockname", EITHER)
                        .where("getpeername", EITHER),
                Operation.of("connect a socket of a factory", FACTORY, () -> new Making(false))
                        .where("getsockname", EITHER)
                        .where("getpeername", EITHER),
                Operation.of("make a connected socket", "", () -> new Making(true))
                        .where("getsockname", EITHER)
                        .where("getpeername", EITHER));
    }

    private static final String FACTORY = "UnixSocketFactory.createSocket(String,int)"
            + " UnixSocketFactory.createSocket(String,int,InetAddress,int)"
            + " UnixSocketFactory.createSocket(InetAddress,int)"
            + " UnixSocketFactory.createSocket(InetAddress,int,InetAddress,int)";

    /// What is kept for the next time may be given up, and made anew.
    private static Stream<Operation> channels() {
        return Stream.of(
                Operation.of("make a channel of a stream", "StreamSocket.toSocketChannel()", Channelling::new)
                        .exchanging()
                        .where("fcntl", EITHER)
                        .where("getpeername", EITHER)
                        .where("dup3", EITHER)
                        .where("open", EITHER),
                Operation.of("make a channel of a TCP stream", "", InternetChannelling::new)
                        .where("fcntl", EITHER) // the number is looked for where it cannot be guessed
                        .where("getsockopt", EITHER)
                        .where("bind", EITHER)); // and the port may be another
    }

    private static Stream<Operation> servers() {
        return Stream.of(
                Operation.of(
                                "make a channel of a listener",
                                "Listener.toServerSocketChannel()",
                                () -> new Serving(Places.name()))
                        .where("fcntl", EITHER) // the number is looked for where it cannot be guessed
                        .where("getsockname", EITHER),
                Operation.of("make a channel of a TCP listener", "", () -> new Serving(Places.port()))
                        .where("fcntl", EITHER)
                        .where("getsockname", EITHER)
                        .where("getsockopt", EITHER),
                Operation.of("make a server socket of a listener", "Listener.asServerSocket()", AcceptingSocket::new)
                        .where("getsockname", EITHER) // a name that is not known is none
                        .where("getpeername", EITHER));
    }

    /// A socket is connected, or nothing is left of it.
    private static final class Making extends Stage {
        private final Listener<StreamSocket> listener = Listener.stream(Places.name());
        private final UnixSocketFactory factory = new UnixSocketFactory(listener.localAddress());
        private final boolean atOnce;
        private @Nullable Socket socket;

        Making(boolean atOnce) throws IOException {
            this.atOnce = atOnce;
        }

        @Override
        void run() throws IOException {
            if (atOnce) {
                socket = factory.createSocket("localhost", 1);
            } else {
                Socket unconnected = factory.createSocket();
                unconnected.connect(Places.port(), 5_000);
                socket = unconnected;
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (socket != null) {
                try (StreamSocket peer = listener.accept(soon())) {
                    peer.write(ByteBuffer.wrap(new byte[] {42}));
                    assertThat(socket.getInputStream().read()).isEqualTo(42);
                }
            }
        }

        @Override
        public void close() throws IOException {
            try (listener) {
                if (socket != null) {
                    socket.close();
                }
            }
        }
    }

    /// An end becomes a channel, or stays what it is.
    private static class Channelling extends StreamStage {
        private @Nullable SocketChannel channel;

        Channelling() throws IOException {}

        Channelling(SocketPair<StreamSocket> ends) throws IOException {
            super(ends);
        }

        @Override
        void run() throws IOException {
            channel = end.toSocketChannel();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThat(end.isOpen()).isEqualTo(channel == null);
            if (channel == null) {
                assertUsable(end, peer);
                return;
            }
            int _ = channel.write(ByteBuffer.wrap(bytes(3)));
            assertThat(read(peer, 3)).isEqualTo(bytes(3));
            peer.write(ByteBuffer.wrap(bytes(4)));
            var target = ByteBuffer.allocate(9);
            assertThat(channel.read(target)).isEqualTo(4);
            channel.close();
            assertEnded(peer);
        }

        @Override
        public void close() throws IOException {
            super.close();
            if (channel != null) {
                channel.close();
            }
        }
    }

    private static final class InternetChannelling extends Channelling {

        InternetChannelling() throws IOException {
            super(connected());
        }

        private static SocketPair<StreamSocket> connected() throws IOException {
            try (var listener = Listener.stream(Places.port())) {
                var client = StreamSocket.open(listener.localAddress());
                return SocketPair.of(client, listener.accept());
            }
        }
    }

    /// A listener becomes a channel, or stays what it is.
    private static final class Serving extends Stage {
        private final Listener<StreamSocket> listener;
        private final SocketAddress address;
        private @Nullable ServerSocketChannel channel;

        Serving(SocketAddress address) throws IOException {
            listener = Listener.stream(address);
            this.address = listener.localAddress();
        }

        @Override
        void run() throws IOException {
            channel = listener.toServerSocketChannel();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThat(listener.isOpen()).isEqualTo(channel == null);
            try (StreamSocket client = StreamSocket.open(address)) {
                if (channel == null) {
                    listener.accept(soon()).close();
                } else {
                    channel.accept().close();
                }
                StreamStage.assertEnded(client);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            if (channel != null) {
                channel.close();
            }
        }
    }

    /// A connection is accepted as a socket, or stays where it is, or is closed where it was ours already.
    private static final class AcceptingSocket extends Stage {
        private final Listener<StreamSocket> listener = Listener.stream(Places.name());
        private final StreamSocket client = StreamSocket.open(listener.localAddress());
        private @Nullable Socket accepted;

        AcceptingSocket() throws IOException {}

        @Override
        void run() throws IOException {
            accepted = listener.asServerSocket().accept();
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (accepted == null) {
                StreamSocket there = listener.tryAccept();
                if (there == null) {
                    StreamStage.assertEnded(client);
                    return;
                }
                accepted = there.asSocket();
            }
            client.write(ByteBuffer.wrap(bytes(1)));
            assertThat(accepted.getInputStream().readNBytes(1)).isEqualTo(bytes(1));
        }

        @Override
        public void close() throws IOException {
            try (listener;
                    client) {
                if (accepted != null) {
                    accepted.close();
                }
            }
        }
    }
}
