package dev.dyad.socket.option;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.SocketOptions;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every option that a socket may have: which sockets have it, its numbers, and how its value lies in memory.
final class OptionTable {

    private static final Platform OS = Platforms.current();

    /// What has an option.
    enum Scope {
        EVERY,
        UNIX,
        INTERNET,
        TCP,
        INET,
        INET6,
        INET_DATAGRAM,
        INET6_DATAGRAM;

        boolean has(int family, int type) {
            boolean six = family == OS.AF_INET6();
            boolean four = family == OS.AF_INET();
            return switch (this) {
                case EVERY -> true;
                case UNIX -> family == OS.AF_UNIX();
                case INTERNET -> four || six;
                case TCP -> (four || six) && type == OS.SOCK_STREAM();
                case INET -> four;
                case INET6 -> six;
                case INET_DATAGRAM -> four && type == OS.SOCK_DGRAM();
                case INET6_DATAGRAM -> six && type == OS.SOCK_DGRAM();
            };
        }
    }

    /// One option of the sockets of one scope.
    ///
    /// @param <T> the type of its value
    /// @param option what it is called, by name and type
    /// @param scope which sockets have it
    /// @param level its level
    /// @param number its number
    /// @param codec how its value lies in memory
    /// @param readOnly whether it cannot be set
    record Row<T>(SocketOption<T> option, Scope scope, int level, int number, OptionCodec<T> codec, boolean readOnly) {

        private boolean is(SocketOption<?> other, int family, int type) {
            return option.name().equals(other.name()) && option.type() == other.type() && scope.has(family, type);
        }
    }

    /// Every option, once for each scope in which its numbers are others.
    private static final List<Row<?>> TABLE = Stream.concat(
                    PeerPrincipal.rows(),
                    Stream.of(
                            socket(StandardSocketOptions.SO_BROADCAST, OS.SO_BROADCAST(), OptionCodec.FLAG),
                            socket(StandardSocketOptions.SO_KEEPALIVE, OS.SO_KEEPALIVE(), OptionCodec.FLAG),
                            socket(StandardSocketOptions.SO_SNDBUF, OS.SO_SNDBUF(), OptionCodec.BUFFER),
                            socket(StandardSocketOptions.SO_RCVBUF, OS.SO_RCVBUF(), OptionCodec.BUFFER),
                            socket(StandardSocketOptions.SO_REUSEADDR, OS.SO_REUSEADDR(), OptionCodec.FLAG),
                            socket(StandardSocketOptions.SO_LINGER, OS.SO_LINGER(), OptionCodec.LINGER),
                            socket(SocketOptions.SO_DEBUG, OS.SO_DEBUG(), OptionCodec.FLAG),
                            socket(SocketOptions.SO_DONTROUTE, OS.SO_DONTROUTE(), OptionCodec.FLAG),
                            socket(SocketOptions.SO_OOBINLINE, OS.SO_OOBINLINE(), OptionCodec.FLAG),
                            socket(SocketOptions.SO_RCVLOWAT, OS.SO_RCVLOWAT(), OptionCodec.COUNT),
                            readOnly(SocketOptions.SO_SNDLOWAT, OS.SO_SNDLOWAT(), OptionCodec.NUMBER),
                            socket(SocketOptions.SO_RCVTIMEO, OS.SO_RCVTIMEO(), OptionCodec.TIME),
                            socket(SocketOptions.SO_SNDTIMEO, OS.SO_SNDTIMEO(), OptionCodec.TIME),
                            socket(SocketOptions.SO_PRIORITY, OS.SO_PRIORITY(), OptionCodec.NUMBER),
                            socket(SocketOptions.SO_BUSY_POLL, OS.SO_BUSY_POLL(), OptionCodec.COUNT),
                            socket(SocketOptions.SO_INCOMING_CPU, OS.SO_INCOMING_CPU(), OptionCodec.NUMBER),
                            readOnly(SocketOptions.SO_ERROR, OS.SO_ERROR(), OptionCodec.NUMBER),
                            readOnly(SocketOptions.SO_TYPE, OS.SO_TYPE(), OptionCodec.NUMBER),
                            readOnly(SocketOptions.SO_DOMAIN, OS.SO_DOMAIN(), OptionCodec.NUMBER),
                            readOnly(SocketOptions.SO_PROTOCOL, OS.SO_PROTOCOL(), OptionCodec.NUMBER),
                            readOnly(SocketOptions.SO_ACCEPTCONN, OS.SO_ACCEPTCONN(), OptionCodec.FLAG),
                            row(
                                    SocketOptions.SO_PASSCRED,
                                    Scope.UNIX,
                                    OS.SOL_SOCKET(),
                                    OS.SO_PASSCRED(),
                                    OptionCodec.FLAG),
                            row(
                                    StandardSocketOptions.SO_REUSEPORT,
                                    Scope.INTERNET,
                                    OS.SOL_SOCKET(),
                                    OS.SO_REUSEPORT(),
                                    OptionCodec.FLAG),
                            row(
                                    SocketOptions.SO_BINDTODEVICE,
                                    Scope.INTERNET,
                                    OS.SOL_SOCKET(),
                                    OS.SO_BINDTODEVICE(),
                                    OptionCodec.DEVICE),
                            new Row<>(
                                    ExtendedOptions.SO_INCOMING_NAPI_ID,
                                    Scope.INTERNET,
                                    OS.SOL_SOCKET(),
                                    OS.SO_INCOMING_NAPI_ID(),
                                    OptionCodec.NUMBER,
                                    true),
                            tcp(StandardSocketOptions.TCP_NODELAY, OS.TCP_NODELAY(), OptionCodec.FLAG),
                            tcp(ExtendedOptions.TCP_QUICKACK, OS.TCP_QUICKACK(), OptionCodec.FLAG),
                            tcp(ExtendedOptions.TCP_KEEPIDLE, OS.TCP_KEEPIDLE(), OptionCodec.NUMBER),
                            tcp(ExtendedOptions.TCP_KEEPINTERVAL, OS.TCP_KEEPINTVL(), OptionCodec.NUMBER),
                            tcp(ExtendedOptions.TCP_KEEPCOUNT, OS.TCP_KEEPCNT(), OptionCodec.NUMBER),
                            tcp(SocketOptions.TCP_DEFER_ACCEPT, OS.TCP_DEFER_ACCEPT(), OptionCodec.COUNT),
                            inet(SocketOptions.IP_TTL, OS.IP_TTL(), OptionCodec.HOPS),
                            inet6(SocketOptions.IP_TTL, OS.IPV6_UNICAST_HOPS(), OptionCodec.HOPS),
                            inet(StandardSocketOptions.IP_TOS, OS.IP_TOS(), OptionCodec.OCTET),
                            inet6(StandardSocketOptions.IP_TOS, OS.IPV6_TCLASS(), OptionCodec.OCTET),
                            inet6(SocketOptions.IPV6_V6ONLY, OS.IPV6_V6ONLY(), OptionCodec.FLAG),
                            group(StandardSocketOptions.IP_MULTICAST_IF, OS.IP_MULTICAST_IF(), OptionCodec.INTERFACE4),
                            group6(
                                    StandardSocketOptions.IP_MULTICAST_IF,
                                    OS.IPV6_MULTICAST_IF(),
                                    OptionCodec.INTERFACE6),
                            group(StandardSocketOptions.IP_MULTICAST_TTL, OS.IP_MULTICAST_TTL(), OptionCodec.OCTET),
                            group6(StandardSocketOptions.IP_MULTICAST_TTL, OS.IPV6_MULTICAST_HOPS(), OptionCodec.OCTET),
                            group(StandardSocketOptions.IP_MULTICAST_LOOP, OS.IP_MULTICAST_LOOP(), OptionCodec.FLAG),
                            group6(StandardSocketOptions.IP_MULTICAST_LOOP, OS.IPV6_MULTICAST_LOOP(), OptionCodec.FLAG),
                            group(ExtendedOptions.IP_DONTFRAGMENT, OS.IP_MTU_DISCOVER(), OptionCodec.WHOLE),
                            group6(ExtendedOptions.IP_DONTFRAGMENT, OS.IPV6_MTU_DISCOVER(), OptionCodec.WHOLE)))
            .toList();

    private OptionTable() {}

    /// Returns the row of an option of a socket.
    ///
    /// @throws UnsupportedOperationException if the socket has no such option
    @SuppressWarnings("unchecked") // its option has the same type
    static <T> Row<T> row(SocketOption<T> option, int family, int type) {
        for (Row<?> row : TABLE) {
            if (row.is(option, family, type)) {
                return (Row<T>) row;
            }
        }
        throw new UnsupportedOperationException("'" + option + "' not supported");
    }

    /// Returns the options that a socket has.
    static Set<SocketOption<?>> of(int family, int type) {
        return TABLE.stream()
                .filter(row -> row.scope().has(family, type))
                .<SocketOption<?>>map(Row::option)
                .collect(toUnmodifiableSet());
    }

    /// Throws, before any call is made, if a value is none of the option's type.
    static void requireValue(SocketOption<?> option, @Nullable Object value) {
        if (!option.type().isInstance(value)) {
            String given = value == null ? "null" : "a " + value.getClass().getName();
            throw new IllegalArgumentException(
                    option.name() + " takes a " + option.type().getName() + ", not " + given);
        }
    }

    private static <T> Row<T> row(SocketOption<T> option, Scope scope, int level, int number, OptionCodec<T> codec) {
        return new Row<>(option, scope, level, number, codec, false);
    }

    private static <T> Row<T> socket(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return row(option, Scope.EVERY, OS.SOL_SOCKET(), number, codec);
    }

    private static <T> Row<T> readOnly(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return new Row<>(option, Scope.EVERY, OS.SOL_SOCKET(), number, codec, true);
    }

    private static <T> Row<T> tcp(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return row(option, Scope.TCP, OS.IPPROTO_TCP(), number, codec);
    }

    private static <T> Row<T> inet(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return row(option, Scope.INET, OS.IPPROTO_IP(), number, codec);
    }

    private static <T> Row<T> inet6(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return row(option, Scope.INET6, OS.IPPROTO_IPV6(), number, codec);
    }

    private static <T> Row<T> group(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return row(option, Scope.INET_DATAGRAM, OS.IPPROTO_IP(), number, codec);
    }

    private static <T> Row<T> group6(SocketOption<T> option, int number, OptionCodec<T> codec) {
        return row(option, Scope.INET6_DATAGRAM, OS.IPPROTO_IPV6(), number, codec);
    }
}
