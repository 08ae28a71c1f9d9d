package dev.dyad.php.address;

import dev.dyad.php.convert.ConversionException;
import dev.dyad.php.convert.ConversionPath;
import dev.dyad.php.convert.Values;
import dev.dyad.posix.In6PktInfo;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `IPV6_PKTINFO`, as an option and as control data of a message: `addr`, `ifindex`.
public final class PacketInfo {

    private PacketInfo() {}

    public static void write(@Nullable Object value, MemorySegment info, ConversionPath at) throws ConversionException {
        Map<?, ?> map = at.map(value);
        byte[] address = MessageAddress.host(at.required(map, "addr"), at.in("addr"), true);
        In6PktInfo.set(info, address, index(at.required(map, "ifindex"), at.in("ifindex")));
    }

    public static Map<String, Object> read(MemorySegment info) {
        return Values.map(
                "addr", Hosts.text(In6PktInfo.host(info)), "ifindex", Values.unsigned(In6PktInfo.index(info)));
    }

    private static int index(@Nullable Object value, ConversionPath at) throws ConversionException {
        if (value instanceof Number number) {
            if (number.longValue() < 0 || number.longValue() > Values.MOST_UNSIGNED) {
                throw at.wrong("the interface index cannot be negative or larger than " + Values.MOST_UNSIGNED
                        + "; given " + number.longValue());
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
