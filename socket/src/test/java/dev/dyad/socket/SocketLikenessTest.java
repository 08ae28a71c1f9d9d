package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is asked of a socket of ours, in whatever state, a TCP socket of the JDK answers the same.
@Timeout(60)
class SocketLikenessTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /// What became of a socket before it is asked.
    enum State {
        UNCONNECTED,
        BOUND,
        CONNECTED,
        INPUT_SHUT,
        OUTPUT_SHUT,
        PEER_GONE,
        PEER_GONE_AND_READ,
        CLOSED_UNCONNECTED,
        CLOSED,
        CLOSED_BY_ITS_STREAM,
        CLOSED_AFTER_THE_END_WAS_READ;

        /// Returns the milliseconds of a read: where there is an end to read, even one that is late reads it.
        int timeout() {
            return this == PEER_GONE || this == PEER_GONE_AND_READ ? 30_000 : 1;
        }

        /// @param connect connects it
        /// @param part makes its peer leave
        void bring(Socket socket, Step connect, Step part) throws Exception {
            switch (this) {
                case UNCONNECTED -> {}
                case BOUND -> socket.bind(new InetSocketAddress(HERE, 0));
                case CLOSED_UNCONNECTED -> socket.close();
                default -> {
                    connect.take();
                    bringConnected(socket, part);
                }
            }
        }

        private void bringConnected(Socket socket, Step part) throws Exception {
            switch (this) {
                case INPUT_SHUT -> socket.shutdownInput();
                case OUTPUT_SHUT -> socket.shutdownOutput();
                case PEER_GONE -> part.take();
                case PEER_GONE_AND_READ, CLOSED_AFTER_THE_END_WAS_READ -> {
                    InputStream in = socket.getInputStream();
                    part.take();
                    assertThat(in.read()).isEqualTo(-1);
                    if (this == CLOSED_AFTER_THE_END_WAS_READ) {
                        socket.close();
                    }
                }
                case CLOSED -> socket.close();
                case CLOSED_BY_ITS_STREAM -> socket.getOutputStream().close();
                default -> {}
            }
        }
    }

    @FunctionalInterface
    interface Step {
        void take() throws Exception;
    }

    /// What is asked of a socket, of which some answers differ by nature: addresses, and sizes of buffers.
    @FunctionalInterface
    private interface Question {
        @Nullable
        Object ask(Socket socket) throws Exception;
    }

    private static final Map<String, Question> QUESTIONS = new LinkedHashMap<>();

    static {
        ask("isConnected", Socket::isConnected);
        ask("isBound", Socket::isBound);
        ask("isClosed", Socket::isClosed);
        ask("isInputShutdown", Socket::isInputShutdown);
        ask("isOutputShutdown", Socket::isOutputShutdown);
        ask("getChannel", Socket::getChannel);
        ask("getInetAddress", socket -> host(socket.getInetAddress()));
        ask("getPort > 0", socket -> socket.getPort() > 0);
        ask("getLocalAddress", socket -> host(socket.getLocalAddress()));
        ask("getLocalPort < 0", socket -> socket.getLocalPort() < 0);
        ask("has a remote address", socket -> socket.getRemoteSocketAddress() != null);
        ask("has a local address", socket -> socket.getLocalSocketAddress() != null);
        ask("input streams", socket -> different(socket.getInputStream(), socket.getInputStream()));
        ask("output streams", socket -> different(socket.getOutputStream(), socket.getOutputStream()));
        ask("read nothing", socket -> socket.getInputStream().read(new byte[0]));
        ask("read beyond", socket -> socket.getInputStream().read(new byte[1], 1, 1));
        ask("read null", socket -> socket.getInputStream().read(null, 0, 1));
        ask("available", socket -> socket.getInputStream().available());
        ask("write nothing", writing(out -> out.write(new byte[0])));
        ask("write beyond", writing(out -> out.write(new byte[1], 1, 1)));
        ask("write null", writing(out -> out.write(null, 0, 1)));
        ask("flush", writing(OutputStream::flush));
        ask("bind null", doing(socket -> socket.bind(null)));
        ask("bind", doing(socket -> socket.bind(new InetSocketAddress(HERE, 0))));
        ask("bind to a name", doing(socket -> socket.bind(InetSocketAddress.createUnresolved("nowhere", 1))));
        ask("bind to what it cannot be", doing(socket -> socket.bind(new Elsewhere())));
        ask("connect null", doing(socket -> socket.connect(null)));
        ask("connect to what it cannot be", doing(socket -> socket.connect(new Elsewhere())));
        ask("connect for a negative time", doing(socket -> socket.connect(new InetSocketAddress(HERE, 1), -1)));
        ask("shutdownInput", doing(Socket::shutdownInput));
        ask("shutdownInput twice", doing(socket -> {
            socket.shutdownInput();
            socket.shutdownInput();
        }));
        ask("shutdownOutput", doing(Socket::shutdownOutput));
        ask("shutdownOutput twice", doing(socket -> {
            socket.shutdownOutput();
            socket.shutdownOutput();
        }));
        ask("setSoTimeout", doing(socket -> socket.setSoTimeout(1)));
        ask("setSoTimeout -1", doing(socket -> socket.setSoTimeout(-1)));
        ask("getSoTimeout", Socket::getSoTimeout);
        ask("setTcpNoDelay", socket -> {
            socket.setTcpNoDelay(true);
            return socket.getTcpNoDelay();
        });
        ask("getTcpNoDelay", Socket::getTcpNoDelay);
        ask("setKeepAlive", socket -> {
            socket.setKeepAlive(true);
            return socket.getKeepAlive();
        });
        ask("getKeepAlive", Socket::getKeepAlive);
        ask("setReuseAddress", socket -> {
            socket.setReuseAddress(true);
            return socket.getReuseAddress();
        });
        ask("getReuseAddress", Socket::getReuseAddress);
        ask("setOOBInline", socket -> {
            socket.setOOBInline(true);
            return socket.getOOBInline();
        });
        ask("getOOBInline", Socket::getOOBInline);
        for (int seconds : new int[] {0, 7, 65_536, -1}) {
            ask("setSoLinger " + seconds, socket -> {
                socket.setSoLinger(true, seconds);
                return socket.getSoLinger();
            });
        }
        ask("setSoLinger off", socket -> {
            socket.setSoLinger(false, -1);
            return socket.getSoLinger();
        });
        for (int size : new int[] {8_192, 0, -1}) {
            ask("setSendBufferSize " + size, doing(socket -> socket.setSendBufferSize(size)));
            ask("setReceiveBufferSize " + size, doing(socket -> socket.setReceiveBufferSize(size)));
        }
        ask("getSendBufferSize > 0", socket -> socket.getSendBufferSize() > 0);
        ask("getReceiveBufferSize > 0", socket -> socket.getReceiveBufferSize() > 0);
        for (int trafficClass : new int[] {0, 0x10, -1, 256}) {
            ask("setTrafficClass " + trafficClass, socket -> {
                socket.setTrafficClass(trafficClass);
                return socket.getTrafficClass();
            });
        }
        ask("setPerformancePreferences", doing(socket -> socket.setPerformancePreferences(1, 2, 3)));
        ask("setOption null", socket -> socket.setOption(null, 1).equals(socket));
        ask("getOption null", socket -> socket.getOption(null));
        ask(
                "setOption to null",
                socket -> socket.setOption(StandardSocketOptions.TCP_NODELAY, null)
                        .equals(socket));
        ask(
                "setOption it has not",
                socket -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1)
                        .equals(socket));
        ask("setOption it has not to null", socket -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, null));
        ask("getOption it has not", socket -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        ask("supportedOptions", socket -> names(socket.supportedOptions()));
        for (int number : new int[] {1, -1, 65_536}) {
            for (var option : Set.of(StandardSocketOptions.SO_LINGER, StandardSocketOptions.IP_TOS)) {
                ask(
                        "setOption " + option + " " + number,
                        socket -> socket.setOption(option, number).getOption(option));
            }
        }
        ask(
                "setOption SO_RCVBUF -1",
                socket -> socket.setOption(StandardSocketOptions.SO_RCVBUF, -1).equals(socket));
        ask("close", doing(Socket::close));
        ask("close twice", doing(socket -> {
            socket.close();
            socket.close();
        }));
    }

    private static void ask(String name, Question question) {
        QUESTIONS.put(name, question);
    }

    private static Question doing(Doing doing) {
        return socket -> {
            doing.with(socket);
            return "done";
        };
    }

    private static Question writing(Writing writing) {
        return socket -> {
            writing.to(socket.getOutputStream());
            return "written";
        };
    }

    @FunctionalInterface
    private interface Doing {
        void with(Socket socket) throws Exception;
    }

    @FunctionalInterface
    private interface Writing {
        void to(OutputStream out) throws Exception;
    }

    /// An address of no network.
    private static final class Elsewhere extends SocketAddress {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void it_answers_as_a_tcp_socket_of_the_jdk(State state) throws Exception {
        var theirs = new LinkedHashMap<String, String>();
        var ours = new LinkedHashMap<String, String>();
        var internet = new LinkedHashMap<String, String>();
        try (var jdk = new Jdk();
                var unix = new Dyad(Places.name());
                var tcp = new Dyad(Places.port())) {
            var questions = new LinkedHashMap<>(QUESTIONS);
            questions.put("read in time", socket -> {
                socket.setSoTimeout(state.timeout());
                return socket.getInputStream().read();
            });
            for (var question : questions.entrySet()) {
                theirs.put(question.getKey(), jdk.answer(state, question.getValue()));
                ours.put(question.getKey(), unix.answer(state, question.getValue()));
                internet.put(question.getKey(), tcp.answer(state, question.getValue()));
            }
        }
        assertThat(differences(ours, theirs)).isEmpty();
        assertThat(differences(internet, theirs)).isEmpty();
    }

    private static Map<String, String> differences(Map<String, String> ours, Map<String, String> theirs) {
        var all = new LinkedHashMap<String, String>();
        ours.forEach((question, answer) -> {
            if (!answer.equals(theirs.get(question))) {
                all.put(question, answer + ", where the JDK says " + theirs.get(question));
            }
        });
        return all;
    }

    private static long different(Object one, Object other) {
        return Stream.of(one, other).distinct().count();
    }

    private static @Nullable String host(@Nullable InetAddress address) {
        return address == null ? null : address.getHostAddress(); // not a name that only one of them has looked up
    }

    /// Of a socket of the internet that we show as one of the JDK everything is the same.
    private static Set<String> names(Set<SocketOption<?>> options) {
        return options.stream()
                .map(SocketOption::name)
                .filter(name -> !name.equals("SO_INCOMING_NAPI_ID")) // which tells of a network card
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Where sockets of one kind come from.
    private abstract static class Maker implements Closeable {

        abstract Socket socket() throws IOException;

        abstract void connect(Socket socket) throws IOException;

        abstract Closeable accept() throws IOException;

        String answer(State state, Question question) throws Exception {
            Socket socket = socket();
            var peers = new ArrayList<Closeable>();
            try (socket) {
                state.bring(
                        socket,
                        () -> {
                            connect(socket);
                            peers.add(accept());
                        },
                        () -> peers.getFirst().close());
                return told(() -> question.ask(socket));
            } finally {
                for (Closeable peer : peers) {
                    peer.close();
                }
            }
        }

        private static String told(Callable<?> call) {
            try {
                return Objects.toString(call.call());
            } catch (Exception e) {
                return Stream.of(e.getClass()).map(Class::getSimpleName).collect(Collectors.joining());
            }
        }
    }

    private static final class Jdk extends Maker {
        private final ServerSocket listener = new ServerSocket(0, 50, HERE);

        Jdk() throws IOException {}

        @Override
        Socket socket() {
            return new Socket();
        }

        @Override
        void connect(Socket socket) throws IOException {
            socket.connect(listener.getLocalSocketAddress());
        }

        @Override
        Closeable accept() throws IOException {
            return listener.accept();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static final class Dyad extends Maker {
        private final Listener<StreamSocket> listener;
        private final UnixSocketFactory factory;

        Dyad(SocketAddress address) throws IOException {
            listener = Listener.stream(address);
            factory = new UnixSocketFactory(listener.localAddress());
        }

        @Override
        Socket socket() {
            return factory.createSocket();
        }

        @Override
        void connect(Socket socket) throws IOException {
            socket.connect(new InetSocketAddress(HERE, 5_432));
        }

        @Override
        Closeable accept() throws IOException {
            return listener.accept();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
