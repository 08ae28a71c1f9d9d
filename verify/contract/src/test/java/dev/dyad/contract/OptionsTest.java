package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketOptions;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The options of every kind of socket, compared with those of the JDK's channels.
class OptionsTest {

    /// Kinds of socket.
    enum Kind {
        UNIX_STREAM,
        UNIX_DATAGRAM,
        UNIX_PACKETS,
        UNIX_LISTENER,
        INET_STREAM,
        INET_DATAGRAM,
        INET_LISTENER,
        INET6_STREAM,
        INET6_DATAGRAM,
        INET6_LISTENER;

        Endpoint open() throws IOException {
            return switch (this) {
                case UNIX_STREAM -> StreamSocket.open(SocketPair.AF_UNIX);
                case UNIX_DATAGRAM -> MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM);
                case UNIX_PACKETS -> MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_SEQPACKET);
                case UNIX_LISTENER -> Listener.openSeqpacket();
                case INET_STREAM -> StreamSocket.open(SocketPair.AF_INET);
                case INET_DATAGRAM -> MessageSocket.open(SocketPair.AF_INET, SocketPair.SOCK_DGRAM);
                case INET_LISTENER -> Listener.openStream(SocketPair.AF_INET);
                case INET6_STREAM -> StreamSocket.open(SocketPair.AF_INET6);
                case INET6_DATAGRAM -> MessageSocket.open(SocketPair.AF_INET6, SocketPair.SOCK_DGRAM);
                case INET6_LISTENER -> Listener.openStream(SocketPair.AF_INET6);
            };
        }

        boolean isUnix() {
            return name().startsWith("UNIX");
        }
    }

    /// Kinds of socket that the JDK has as well.
    enum Twin {
        STREAM(Kind.INET_STREAM),
        DATAGRAM(Kind.INET_DATAGRAM),
        LISTENER(Kind.INET_LISTENER),
        DATAGRAM6(Kind.INET6_DATAGRAM),
        UNIX(Kind.UNIX_STREAM);

        private final Kind kind;

        Twin(Kind kind) {
            this.kind = kind;
        }

        NetworkChannel channel() throws IOException {
            return switch (this) {
                case STREAM -> SocketChannel.open(StandardProtocolFamily.INET);
                case DATAGRAM -> DatagramChannel.open(StandardProtocolFamily.INET);
                case LISTENER -> ServerSocketChannel.open(StandardProtocolFamily.INET);
                case DATAGRAM6 -> DatagramChannel.open(StandardProtocolFamily.INET6);
                case UNIX -> SocketChannel.open(StandardProtocolFamily.UNIX);
            };
        }
    }

    /// What is set to something else than what the system begins with.
    private static final Map<SocketOption<?>, Object> OTHERS = Map.ofEntries(
            Map.entry(StandardSocketOptions.SO_SNDBUF, 65_536),
            Map.entry(StandardSocketOptions.SO_RCVBUF, 65_536),
            Map.entry(StandardSocketOptions.SO_KEEPALIVE, true),
            Map.entry(StandardSocketOptions.SO_BROADCAST, true),
            Map.entry(StandardSocketOptions.SO_REUSEADDR, true),
            Map.entry(StandardSocketOptions.SO_REUSEPORT, true),
            Map.entry(StandardSocketOptions.SO_LINGER, 7),
            Map.entry(StandardSocketOptions.IP_TOS, 8),
            Map.entry(StandardSocketOptions.IP_MULTICAST_TTL, 3),
            Map.entry(StandardSocketOptions.IP_MULTICAST_LOOP, false),
            Map.entry(StandardSocketOptions.TCP_NODELAY, true),
            Map.entry(ExtendedSocketOptions.TCP_KEEPIDLE, 20),
            Map.entry(ExtendedSocketOptions.TCP_KEEPINTERVAL, 5),
            Map.entry(ExtendedSocketOptions.TCP_KEEPCOUNT, 3),
            Map.entry(ExtendedSocketOptions.IP_DONTFRAGMENT, true),
            Map.entry(SocketOptions.SO_PASSCRED, true),
            Map.entry(SocketOptions.SO_OOBINLINE, true),
            Map.entry(SocketOptions.SO_DONTROUTE, true),
            Map.entry(SocketOptions.SO_RCVLOWAT, 17),
            Map.entry(SocketOptions.SO_RCVTIMEO, Duration.ofMillis(2_500)),
            Map.entry(SocketOptions.SO_SNDTIMEO, Duration.ofMillis(3_500)),
            Map.entry(SocketOptions.SO_PRIORITY, 4),
            Map.entry(SocketOptions.TCP_DEFER_ACCEPT, 1),
            Map.entry(SocketOptions.IP_TTL, 33),
            Map.entry(SocketOptions.IPV6_V6ONLY, true));

    private static final Set<SocketOption<?>> TOLD = Set.of(
            SocketOptions.SO_SNDLOWAT,
            SocketOptions.SO_ERROR,
            SocketOptions.SO_TYPE,
            SocketOptions.SO_DOMAIN,
            SocketOptions.SO_PROTOCOL,
            SocketOptions.SO_ACCEPTCONN);

    @ParameterizedTest
    @EnumSource
    void every_option_that_is_supported_can_be_read(Kind kind) throws Exception {
        try (Endpoint socket = kind.open()) {
            assertThat(socket.supportedOptions()).hasSizeGreaterThan(10);
            for (SocketOption<?> option : socket.supportedOptions()) {
                Object value = socket.getOption(option);
                assertThat(value == null || option.type().isInstance(value))
                        .as(option.name())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_set_is_read(Kind kind) throws Exception {
        for (var other : OTHERS.entrySet()) {
            try (Endpoint socket = kind.open()) {
                if (supports(socket, other.getKey())) {
                    set(socket, other.getKey(), other.getValue());
                    assertThat(socket.getOption((SocketOption<?>) other.getKey()))
                            .as(other.getKey().name())
                            .isEqualTo(other.getValue());
                } else {
                    assertThatThrownBy(() -> set(socket, other.getKey(), other.getValue()))
                            .isInstanceOf(UnsupportedOperationException.class);
                    assertThatThrownBy(() -> socket.getOption(other.getKey()))
                            .isInstanceOf(UnsupportedOperationException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatever_the_jdk_offers_has_the_same_value_before_and_after_it_is_set(Twin twin) throws Exception {
        try (Endpoint ours = twin.kind.open();
                NetworkChannel theirs = twin.channel()) {
            for (SocketOption<?> option : theirs.supportedOptions()) {
                if (option.equals(ExtendedSocketOptions.SO_PEERCRED)) {
                    continue; // the names of its user and group: peerCredentials tells the numbers
                }
                assertThat(supports(ours, option)).as(option.name()).isTrue();
                assertThat(ours.getOption(option)).as(option.name()).isEqualTo(theirs.getOption(option));
                Object other = OTHERS.get(option);
                if (other != null) {
                    set(ours, option, other);
                    set(theirs, option, other);
                    assertThat(ours.getOption(option)).as(option.name()).isEqualTo(theirs.getOption(option));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_can_only_be_read_is_not_set(Kind kind) throws Exception {
        try (Endpoint socket = kind.open()) {
            assertThat(socket.supportedOptions()).containsAll(TOLD);
            for (SocketOption<?> option : TOLD) {
                assertThatThrownBy(() -> set(socket, option, Objects.requireNonNull(socket.getOption(option))))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(option.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_value_of_another_type_or_out_of_range_is_refused_before_any_call(Kind kind) throws Exception {
        try (Endpoint socket = kind.open()) {
            assertRefused(socket, StandardSocketOptions.SO_RCVBUF, "many");
            assertRefused(socket, StandardSocketOptions.SO_RCVBUF, 65_536L);
            assertRefused(socket, StandardSocketOptions.SO_RCVBUF, -1);
            assertRefused(socket, StandardSocketOptions.SO_KEEPALIVE, 1);
            assertRefused(socket, SocketOptions.SO_RCVLOWAT, -1);
            assertRefused(socket, SocketOptions.SO_RCVTIMEO, Duration.ofNanos(-1));
            assertRefused(socket, SocketOptions.SO_RCVTIMEO, Duration.ofSeconds(Long.MAX_VALUE));
            if (!kind.isUnix()) {
                assertRefused(socket, StandardSocketOptions.IP_TOS, 256);
                assertRefused(socket, SocketOptions.IP_TTL, 256);
                assertRefused(socket, SocketOptions.SO_BINDTODEVICE, "a name that is too long");
                assertRefused(socket, SocketOptions.SO_BINDTODEVICE, "l\0");
            }
        }
    }

    @Test
    void an_option_that_nobody_knows_is_not_supported() throws Exception {
        SocketOption<String> unknown = new SocketOption<>() {
            @Override
            public String name() {
                return "SO_RCVBUF"; // of another type
            }

            @Override
            public Class<String> type() {
                return String.class;
            }
        };
        try (Endpoint socket = Kind.UNIX_STREAM.open()) {
            assertThatThrownBy(() -> socket.getOption(unknown)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> socket.setOption(unknown, "x")).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_closed_socket_has_no_options(Kind kind) throws Exception {
        Endpoint socket = kind.open();
        socket.close();
        assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.SO_RCVBUF))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 16))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void a_timeout_that_is_shorter_than_a_microsecond_is_not_for_ever() throws Exception {
        try (Endpoint socket = Kind.UNIX_STREAM.open()) {
            socket.setOption(SocketOptions.SO_RCVTIMEO, Duration.ofNanos(1));
            assertThat(socket.getOption(SocketOptions.SO_RCVTIMEO)).isPositive();
        }
    }

    @Test
    void the_error_of_an_option_names_the_call() throws Exception {
        try (Endpoint socket = Kind.INET_STREAM.open()) {
            assertThatThrownBy(() -> socket.setOption(SocketOptions.SO_BINDTODEVICE, "no-such-one"))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageStartingWith("setsockopt: ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET_DATAGRAM", "INET6_DATAGRAM"})
    void a_network_interface_for_groups_is_told_as_it_was_set(Kind kind) throws Exception {
        NetworkInterface loopback = NetworkInterface.networkInterfaces()
                .filter(OptionsTest::isLoopback)
                .findFirst()
                .orElseThrow();
        try (Endpoint socket = kind.open()) {
            assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isNull();
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
            assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isEqualTo(loopback);
        }
    }

    private static boolean isLoopback(NetworkInterface one) {
        try {
            return one.isLoopback();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(Endpoint socket, SocketOption<?> option, Object value) {
        assertThatIllegalArgumentException().as(option.name()).isThrownBy(() -> set(socket, option, value));
    }

    /// By name and type, as the JDK's own are.
    private static boolean supports(Endpoint socket, SocketOption<?> option) {
        return socket.supportedOptions().stream()
                .anyMatch(each -> each.name().equals(option.name()) && each.type() == option.type());
    }

    @SuppressWarnings("unchecked") // on purpose: a value of a wrong type is one of the cases
    private static void set(Endpoint socket, SocketOption<?> option, Object value) throws IOException {
        socket.setOption((SocketOption<Object>) option, value);
    }

    @SuppressWarnings("unchecked")
    private static void set(NetworkChannel channel, SocketOption<?> option, Object value) throws IOException {
        NetworkChannel _ = channel.setOption((SocketOption<Object>) option, value);
    }
}
