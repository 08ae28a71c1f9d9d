package dev.dyad.socket;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.SocketCalls;
import dev.dyad.socket.jdk.JdkPair;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;

/// Two connected sockets: what is written to one is read from the other, and only there, in both directions.
///
/// The ends are equal, and each may be used, given away and closed without the other. Any thread may use them.
/// The opener closes the pair, or its ends one by one.
///
/// On a system with native access the ends are those of `socketpair(2)`: unnamed, close-on-exec from the start.
/// Elsewhere they come from the JDK: UNIX sockets that met in a private folder, or TCP sockets that met on the
/// loopback address.
///
/// {@snippet file="dev/dyad/socket/examples/PairExamplesTest.java" region="pair"}
///
/// @param <S> what the ends are
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/socketpair.html">socketpair,
/// POSIX.1-2024</a>
public final class SocketPair<S extends Endpoint> implements Closeable {

    private static final Platform OS = Platforms.current();

    /// Sockets of this machine.
    public static final int AF_UNIX = OS.AF_UNIX();
    /// Sockets of the Internet protocol, version 4.
    public static final int AF_INET = OS.AF_INET();
    /// Sockets of the Internet protocol, version 6.
    public static final int AF_INET6 = OS.AF_INET6();
    /// Streams of bytes.
    public static final int SOCK_STREAM = OS.SOCK_STREAM();
    /// Messages that keep their boundaries.
    public static final int SOCK_DGRAM = OS.SOCK_DGRAM();
    /// Messages that keep their boundaries, over a connection.
    public static final int SOCK_SEQPACKET = OS.SOCK_SEQPACKET();

    private static final int FLAGS = OS.SOCK_NONBLOCK() | OS.SOCK_CLOEXEC(); // which Linux takes with a type

    private final S left;
    private final S right;

    SocketPair(S left, S right) {
        this.left = left;
        this.right = right;
    }

    /// Opens a pair of byte streams.
    ///
    /// @return the pair
    /// @throws SystemCallException if `socketpair(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws IOException if the JDK's sockets, where they are used instead, cannot be opened
    public static SocketPair<StreamSocket> stream() throws IOException {
        return OS.isNative() ? streams(AF_UNIX, SOCK_STREAM, 0) : over(JdkPair.open());
    }

    /// Opens a pair whose messages keep their boundaries.
    ///
    /// On Linux they are reliable and keep their order. A peer that has gone is noticed when something is sent to
    /// it.
    ///
    /// @return the pair
    /// @throws SystemCallException if `socketpair(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws UnsupportedOperationException where there is no native access
    public static SocketPair<MessageSocket> datagram() throws IOException {
        return messages(AF_UNIX, SOCK_DGRAM, 0);
    }

    /// Opens a pair whose messages keep their boundaries, and that tells when the peer has gone.
    ///
    /// @return the pair
    /// @throws SystemCallException if `socketpair(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws UnsupportedOperationException where there is no native access
    public static SocketPair<MessageSocket> seqpacket() throws IOException {
        return messages(AF_UNIX, SOCK_SEQPACKET, 0);
    }

    /// Opens a pair as `socketpair(2)` does.
    ///
    /// Linux only has pairs of `AF_UNIX`. Without native access there are streams of `AF_UNIX`, where the JDK
    /// has them, and of `AF_INET`, over the loopback address.
    ///
    /// @param domain an address family, such as [#AF_UNIX]
    /// @param type a socket type, such as [#SOCK_STREAM]
    /// @param protocol a protocol of the family, or zero
    /// @return a pair of [StreamSocket] for [#SOCK_STREAM], and of [MessageSocket] for every other type
    /// @throws SystemCallException if `socketpair(2)` fails, as with `EAFNOSUPPORT`, `ESOCKTNOSUPPORT`,
    ///     `EPROTONOSUPPORT`, `EOPNOTSUPP` for a combination that the system does not have
    /// @throws UnsupportedOperationException if, without native access, it cannot be known whether the system
    ///     has it
    public static SocketPair<? extends Endpoint> open(int domain, int type, int protocol) throws IOException {
        if (!OS.isNative()) {
            return over(JdkPair.open(domain, type, protocol));
        }
        return (type & ~FLAGS) == SOCK_STREAM ? streams(domain, type, protocol) : messages(domain, type, protocol);
    }

    /// Makes a pair of two sockets that are connected to each other already, and are closed with it.
    ///
    /// @param left one end
    /// @param right the other end
    /// @param <S> what the ends are
    /// @return the pair
    public static <S extends Endpoint> SocketPair<S> of(S left, S right) {
        return new SocketPair<>(Objects.requireNonNull(left), Objects.requireNonNull(right));
    }

    /// Makes a pair of two channels of the JDK that are connected to each other.
    static SocketPair<StreamSocket> over(JdkPair channels) {
        return new SocketPair<>(
                new JdkStreamSocket(channels.left(), channels.tcp()),
                new JdkStreamSocket(channels.right(), channels.tcp()));
    }

    private static SocketPair<StreamSocket> streams(int domain, int type, int protocol) throws IOException {
        return SocketCalls.pair(domain, type, protocol, NativeStreamSocket::new, SocketPair<StreamSocket>::new);
    }

    private static SocketPair<MessageSocket> messages(int domain, int type, int protocol) throws IOException {
        SocketCalls.requireNative();
        return SocketCalls.pair(domain, type, protocol, MessageSocket::new, SocketPair<MessageSocket>::new);
    }

    /// Returns one end.
    ///
    /// @return the end that PHP calls `$pair[0]`
    public S left() {
        return left;
    }

    /// Returns the other end.
    ///
    /// @return the end that PHP calls `$pair[1]`
    public S right() {
        return right;
    }

    /// Closes both ends; one that is closed already stays so.
    @Override
    public void close() throws IOException {
        try (left) {
            right.close();
        }
    }

    /// Says which ends they are, for messages to people.
    @Override
    public String toString() {
        return "SocketPair[" + left + ", " + right + "]";
    }
}
