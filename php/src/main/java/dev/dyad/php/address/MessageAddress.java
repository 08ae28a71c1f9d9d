package dev.dyad.php.address;

import dev.dyad.php.convert.ConversionException;
import dev.dyad.php.convert.ConversionPath;
import dev.dyad.php.convert.Values;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrIn6;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.socket.fd.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The address of a message as an array: `family`, and `addr`, `port` or `path`.
public final class MessageAddress {

    private static final Platform OS = Platforms.current();
    private static final int MOST_FAMILY = 0xffff;

    /// What PHP makes of no path: the abstract name without a character, which is one, unlike no name at all.
    private static final byte[] NAMELESS = new byte[1];

    private MessageAddress() {}

    /// Returns the address to send to.
    public static MemorySegment write(@Nullable Object value, ConversionPath at, Arena arena)
            throws ConversionException {
        Map<?, ?> map = at.map(value);
        int family = family(map, at);
        if (map.containsKey("family")) { // PHP looks at it again, now as a `sa_family_t`
            int _ = at.in("family").bounded(map.get("family"), MOST_FAMILY, "a sa_family_t value");
        }
        return family == OS.AF_UNIX() ? unix(map, at, arena) : internet(map, at, family == OS.AF_INET6(), arena);
    }

    /// Returns room for the address of a sender; of what the caller gives only the family counts.
    public static MemorySegment room(@Nullable Object value, ConversionPath at, Arena arena)
            throws ConversionException {
        int _ = family(at.map(value), at);
        return arena.allocate(SockAddrStorage.LAYOUT);
    }

    /// Returns the family that the array names, or the socket's, if it is one that the socket can have.
    private static int family(Map<?, ?> map, ConversionPath at) throws ConversionException {
        int own = at.socket().domain();
        Object named = map.get("family");
        int family = named == null ? own : at.in("family").int32(named);
        boolean isFour = family == OS.AF_INET();
        boolean isSix = family == OS.AF_INET6();
        if (!isFour && !isSix && family != OS.AF_UNIX()) {
            throw at.wrong("the only families currently supported are AF_INET, AF_INET6 and AF_UNIX");
        }
        if (family != own && !(isFour && own == OS.AF_INET6())) {
            String name = isFour ? "number " + family : isSix ? "AF_INET6" : "AF_UNIX";
            throw at.wrong("the specified family (" + name + ") is not supported on this socket");
        }
        return family;
    }

    private static MemorySegment unix(Map<?, ?> map, ConversionPath at, Arena arena) throws ConversionException {
        byte[] path = map.containsKey("path") ? path(map.get("path"), at.in("path")) : NAMELESS;
        return Addresses.unix(Addresses.untilNul(path, 1), arena); // an abstract name begins with a NUL
    }

    private static byte[] path(@Nullable Object value, ConversionPath at) throws ConversionException {
        byte[] path = value instanceof byte[] bytes ? bytes : NativeText.bytes(Values.text(value));
        if (path.length == 0) {
            throw at.wrong("the path is must not be empty");
        }
        int longest = SockAddrUn.capacity() - 1;
        if (path.length > longest) {
            throw at.wrong("the path is too long, the maximum permitted length is " + longest);
        }
        return path;
    }

    private static MemorySegment internet(Map<?, ?> map, ConversionPath at, boolean six, Arena arena)
            throws ConversionException {
        byte[] host = map.containsKey("addr")
                ? host(map.get("addr"), at.in("addr"), six)
                : new byte[six ? Hosts.IPV6_SIZE : Hosts.IPV4_SIZE];
        int port = map.containsKey("port") ? at.in("port").unsigned16(map.get("port")) : 0;
        if (!six) {
            return Addresses.internet(host, port, 0, arena);
        }
        int flow = map.containsKey("flowinfo") ? at.in("flowinfo").unsigned32(map.get("flowinfo")) : 0;
        int scope = map.containsKey("scope_id") ? at.in("scope_id").unsigned32(map.get("scope_id")) : 0;
        MemorySegment address = Addresses.internet(host, port, scope, arena);
        SockAddrIn6.setFlow(address, Integer.reverseBytes(flow)); // PHP leaves it in the order of the machine
        return address;
    }

    /// Returns the host that a text names.
    static byte[] host(@Nullable Object value, ConversionPath at, boolean six) throws ConversionException {
        String text = Values.text(value);
        byte[] host = Hosts.address(at.socket(), at.function(), text, six);
        if (host == null) {
            throw at.wrong(
                    "could not resolve address '" + text + "' to get an AF_INET" + (six ? "6" : "") + " address");
        }
        return host;
    }

    /// Returns what an address that was received says, or `null` where the sender has none.
    public static @Nullable Map<String, Object> read(MemorySegment address, ConversionPath at)
            throws ConversionException {
        int family = SockAddrStorage.family(address);
        if (family == 0) {
            return null;
        }
        if (family == OS.AF_UNIX()) {
            return Values.map("family", family, "path", Addresses.path(address));
        }
        byte[] host = SocketAddresses.host(address);
        if (host == null) {
            throw at.unreadable("cannot read struct sockaddr with family " + family + "; not supported");
        }
        int port = SocketAddresses.port(address);
        Map<String, Object> map = Values.map("family", family, "addr", Hosts.text(host), "port", port);
        if (family == OS.AF_INET6()) {
            map.put("flowinfo", Values.unsigned(Integer.reverseBytes(SockAddrIn6.flow(address))));
            map.put("scope_id", Values.unsigned(SockAddrIn6.scope(address)));
        }
        return map;
    }
}
