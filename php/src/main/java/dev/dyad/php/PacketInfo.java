package dev.dyad.php;

import dev.dyad.posix.In6PktInfo;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `IPV6_PKTINFO`, as an option and beside a message: `addr`, `ifindex`.
final class PacketInfo {

    private static final long MOST = 0xffff_ffffL;

    private PacketInfo() {}

    static void write(@Nullable Object value, MemorySegment info, Place at) throws ConversionException {
        Map<?, ?> map = at.map(value);
        byte[] address = address(at.required(map, "addr"), at.in("addr"));
        In6PktInfo.set(info, address, index(at.required(map, "ifindex"), at.in("ifindex")));
    }

    static Map<String, Object> read(MemorySegment info) {
        var map = new LinkedHashMap<String, Object>();
        map.put("addr", Hosts.text(In6PktInfo.host(info)));
        map.put("ifindex", Values.natural(Integer.toUnsignedLong(In6PktInfo.index(info))));
        return map;
    }

    private static byte[] address(@Nullable Object value, Place at) throws ConversionException {
        String text = Values.text(value);
        byte[] address = Hosts.ipv6(at.socket(), at.function(), text);
        if (address == null) {
            throw at.wrong("could not resolve address '" + text + "' to get an AF_INET6 address");
        }
        return address;
    }

    private static int index(@Nullable Object value, Place at) throws ConversionException {
        if (value instanceof Number number) {
            if (number.longValue() < 0 || number.longValue() > MOST) {
                throw at.wrong("the interface index cannot be negative or larger than " + MOST + "; given "
                        + number.longValue());
            }
            return number.intValue();
        }
        String name = Values.text(value);
        int index = Hosts.interfaceIndex(name);
        if (index == 0) {
            throw at.wrong("no interface with name \"" + name + "\" could be found");
        }
        return index;
    }
}
