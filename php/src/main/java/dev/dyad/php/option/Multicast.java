package dev.dyad.php.option;

import dev.dyad.php.Sockets;
import dev.dyad.php.ValueError;
import dev.dyad.php.address.Addresses;
import dev.dyad.php.address.Hosts;
import dev.dyad.php.convert.Values;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.GroupReq;
import dev.dyad.posix.GroupSourceReq;
import dev.dyad.posix.IfReq;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrIn;
import dev.dyad.posix.SysIoctl;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options of multicasts, whose values PHP takes as arrays, names of interfaces and truths.
final class Multicast {

    private static final Platform OS = Platforms.current();
    private static final int MOST_HOPS = 255;
    private static final Set<Integer> OF_IP =
            Set.of(Sockets.IP_MULTICAST_IF, Sockets.IP_MULTICAST_TTL, Sockets.IP_MULTICAST_LOOP);
    private static final Set<Integer> OF_IPV6 =
            Set.of(Sockets.IPV6_MULTICAST_IF, Sockets.IPV6_MULTICAST_HOPS, Sockets.IPV6_MULTICAST_LOOP);
    private static final Set<Integer> OF_GROUPS = Set.of(Sockets.MCAST_JOIN_GROUP, Sockets.MCAST_LEAVE_GROUP);
    private static final Set<Integer> OF_SOURCES = Set.of(
            Sockets.MCAST_JOIN_SOURCE_GROUP,
            Sockets.MCAST_LEAVE_SOURCE_GROUP,
            Sockets.MCAST_BLOCK_SOURCE,
            Sockets.MCAST_UNBLOCK_SOURCE);

    private Multicast() {}

    /// @param level one of IP or of IPv6
    static boolean isOption(int level, int option) {
        Set<Integer> ofLevel = level == Sockets.IPPROTO_IP ? OF_IP : OF_IPV6;
        return ofLevel.contains(option) || OF_GROUPS.contains(option) || OF_SOURCES.contains(option);
    }

    /// @return what the kernel is given, or `null` where a warning said why nothing is
    static @Nullable MemorySegment bytes(
            PhpSocket socket, String function, int option, @Nullable Object value, Arena arena) {
        return switch (option) {
            case Sockets.IP_MULTICAST_IF -> interfaceAddress(socket, function, value, arena);
            case Sockets.IP_MULTICAST_TTL -> arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) hops(function, value, 0));
            case Sockets.IP_MULTICAST_LOOP ->
                arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) (Values.isTrue(value) ? 1 : 0));
            case Sockets.IPV6_MULTICAST_IF -> interfaceIndex(function, value, arena);
            case Sockets.IPV6_MULTICAST_HOPS -> arena.allocateFrom(ValueLayout.JAVA_INT, hops(function, value, -1));
            case Sockets.IPV6_MULTICAST_LOOP -> arena.allocateFrom(ValueLayout.JAVA_INT, Values.isTrue(value) ? 1 : 0);
            default -> request(socket, function, option, value, arena);
        };
    }

    private static int hops(String function, @Nullable Object value, int least) {
        return (int) Options.bounded(function, "", value, least, MOST_HOPS);
    }

    private static @Nullable MemorySegment interfaceIndex(String function, @Nullable Object value, Arena arena) {
        Long index = index(function, value);
        return index == null ? null : arena.allocateFrom(ValueLayout.JAVA_INT, index.intValue());
    }

    /// @return `null` where a warning said that there is no such interface
    private static @Nullable Long index(String function, @Nullable Object value) {
        if (!(value instanceof Number number) || value instanceof Double || value instanceof Float) {
            int index = Hosts.interfaceIndex(function, Values.text(value));
            return index == 0 ? null : Integer.toUnsignedLong(index);
        }
        if (number.longValue() < 0 || number.longValue() > Values.MOST_UNSIGNED) {
            throw new ValueError("Index must be between 0 and " + Values.MOST_UNSIGNED);
        }
        return number.longValue();
    }

    /// IPv4 names an interface by an address that it has.
    private static @Nullable MemorySegment interfaceAddress(
            PhpSocket socket, String function, @Nullable Object value, Arena arena) {
        Long index = index(function, value);
        if (index == null) {
            return null;
        }
        byte[] address = index == 0 ? new byte[Hosts.IPV4_SIZE] : addressOf(socket, function, index, arena);
        return address == null ? null : arena.allocateFrom(ValueLayout.JAVA_BYTE, address);
    }

    /// Asks by the socket itself, as PHP does: one of another domain knows no address.
    private static byte @Nullable [] addressOf(PhpSocket socket, String function, long index, Arena arena) {
        MemorySegment request = arena.allocate(IfReq.LAYOUT);
        IfReq.setIndex(request, (int) index);
        long answer = socket.call(function, (state, fd, room) -> {
            int named = SysIoctl.ioctl(state, fd, OS.SIOCGIFNAME(), request);
            return named < 0 ? named : SysIoctl.ioctl(state, fd, OS.SIOCGIFADDR(), request);
        });
        if (answer < 0) {
            Errors.warn(function, "Failed obtaining address for interface " + index + ": error " + -answer);
            return null;
        }
        return SockAddrIn.host(IfReq.address(request));
    }

    /// Returns the index of the interface with an IPv4 address, or `null` where a warning said that there is
    /// none.
    static @Nullable Integer indexOf(String function, MemorySegment value) {
        byte[] address = value.toArray(ValueLayout.JAVA_BYTE);
        if (value.get(ValueLayout.JAVA_INT, 0) == 0) {
            return 0;
        }
        try {
            NetworkInterface found = NetworkInterface.getByInetAddress(InetAddress.getByAddress(address));
            if (found != null) {
                return found.getIndex();
            }
        } catch (SocketException | UnknownHostException e) {
            // as if there were none
        }
        Errors.warn(function, "The interface with IP address " + Hosts.text(address) + " was not found");
        return null;
    }

    private static @Nullable MemorySegment request(
            PhpSocket socket, String function, int option, @Nullable Object value, Arena arena) {
        boolean hasSource = OF_SOURCES.contains(option);
        String kind = hasSource ? "MCAST_LEAVE_SOURCE_GROUP" : "MCAST_LEAVE_GROUP"; // as PHP calls all of a kind
        Map<?, ?> map = Options.array(function, value, kind);
        MemorySegment group = address(socket, function, map, "group", arena);
        MemorySegment source = group != null && hasSource ? address(socket, function, map, "source", arena) : null;
        if (group == null || (hasSource && source == null)) {
            return null;
        }
        Long index = map.containsKey("interface") ? index(function, map.get("interface")) : Long.valueOf(0);
        if (index == null) {
            return null;
        }
        MemorySegment request = arena.allocate(source == null ? GroupReq.LAYOUT : GroupSourceReq.LAYOUT);
        if (source == null) {
            GroupReq.set(request, index.intValue(), group);
        } else {
            GroupSourceReq.set(request, index.intValue(), group, source);
        }
        return request;
    }

    private static @Nullable MemorySegment address(
            PhpSocket socket, String function, Map<?, ?> map, String key, Arena arena) {
        if (!map.containsKey(key)) {
            throw new ValueError("No key \"" + key + "\" passed in optval");
        }
        String text = Values.text(map.get(key)); // which may warn, or be an error, before the family is
        if (!socket.isInternet()) {
            throw new ValueError("IP address used in the context of an unexpected type of socket");
        }
        return Addresses.host(socket, function, text, 0, arena);
    }
}
