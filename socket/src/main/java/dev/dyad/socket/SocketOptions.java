package dev.dyad.socket;

import dev.dyad.socket.option.NamedOption;
import java.net.SocketOption;
import java.time.Duration;

/// The options of a socket beyond [java.net.StandardSocketOptions] and `jdk.net.ExtendedSocketOptions`, for
/// [Endpoint#setOption] and [Endpoint#getOption], which take all of these.
///
/// {@snippet file="dev/dyad/socket/examples/MessageExamplesTest.java" region="socket-options"}
///
/// @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
/// @see <a href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7)</a>
/// @see <a href="https://man7.org/linux/man-pages/man7/tcp.7.html">tcp(7)</a>
public final class SocketOptions {

    /// Whether each message that comes says who sent it: [Received#credentials].
    ///
    /// With this option, a UNIX socket without a name gets one when it sends or connects.
    public static final SocketOption<Boolean> SO_PASSCRED = flag("SO_PASSCRED");
    /// Whether the kernel logs what it does with the socket; setting it takes a privilege.
    public static final SocketOption<Boolean> SO_DEBUG = flag("SO_DEBUG");
    /// Whether what is sent only goes to hosts that are reached without a gateway.
    public static final SocketOption<Boolean> SO_DONTROUTE = flag("SO_DONTROUTE");
    /// Whether urgent data are received among the other data.
    public static final SocketOption<Boolean> SO_OOBINLINE = flag("SO_OOBINLINE");
    /// How many bytes must be there for a socket to be readable.
    public static final SocketOption<Integer> SO_RCVLOWAT = number("SO_RCVLOWAT");
    /// For how many bytes there must be room for a socket to be writable: 1, which cannot be changed.
    public static final SocketOption<Integer> SO_SNDLOWAT = number("SO_SNDLOWAT");
    /// How long other processes that share the socket wait to receive, of which zero is for ever.
    ///
    /// The calls of this library wait until their [Deadline].
    public static final SocketOption<Duration> SO_RCVTIMEO = time("SO_RCVTIMEO");
    /// How long other processes that share the socket wait to send, of which zero is for ever.
    ///
    /// The calls of this library wait until their [Deadline].
    public static final SocketOption<Duration> SO_SNDTIMEO = time("SO_SNDTIMEO");
    /// Which packets go first.
    public static final SocketOption<Integer> SO_PRIORITY = number("SO_PRIORITY");
    /// For how many microseconds a call that would wait asks the network device itself.
    public static final SocketOption<Integer> SO_BUSY_POLL = number("SO_BUSY_POLL");
    /// Which processor takes the packets of the socket, or -1.
    public static final SocketOption<Integer> SO_INCOMING_CPU = number("SO_INCOMING_CPU");
    /// The name of the one network interface that the socket uses, which is empty for all.
    public static final SocketOption<String> SO_BINDTODEVICE = new NamedOption<>("SO_BINDTODEVICE", String.class);
    /// The pending error of the socket; reading it resets it to zero. Read-only.
    public static final SocketOption<Integer> SO_ERROR = number("SO_ERROR");
    /// The type of the socket, such as [SocketPair#SOCK_STREAM]. Read-only.
    public static final SocketOption<Integer> SO_TYPE = number("SO_TYPE");
    /// The address family of the socket, such as [SocketPair#AF_UNIX]. Read-only.
    public static final SocketOption<Integer> SO_DOMAIN = number("SO_DOMAIN");
    /// The protocol of the socket. Read-only.
    public static final SocketOption<Integer> SO_PROTOCOL = number("SO_PROTOCOL");
    /// Whether the socket listens. Read-only.
    public static final SocketOption<Boolean> SO_ACCEPTCONN = flag("SO_ACCEPTCONN");
    /// For how many seconds a connection is not accepted while nothing has come over it, or zero.
    public static final SocketOption<Integer> TCP_DEFER_ACCEPT = number("TCP_DEFER_ACCEPT");
    /// How many routers a packet passes at most; -1 leaves it to the system.
    public static final SocketOption<Integer> IP_TTL = number("IP_TTL");
    /// Whether a socket of [SocketPair#AF_INET6] takes nothing that comes by IPv4.
    public static final SocketOption<Boolean> IPV6_V6ONLY = flag("IPV6_V6ONLY");

    private SocketOptions() {}

    private static SocketOption<Boolean> flag(String name) {
        return new NamedOption<>(name, Boolean.class);
    }

    private static SocketOption<Integer> number(String name) {
        return new NamedOption<>(name, Integer.class);
    }

    private static SocketOption<Duration> time(String name) {
        return new NamedOption<>(name, Duration.class);
    }
}
