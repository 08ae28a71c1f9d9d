package dev.dyad.php;

import dev.dyad.posix.AddrInfo;
import dev.dyad.posix.Netdb;
import dev.dyad.posix.Platform;
import dev.dyad.socket.fd.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Looking up addresses, and what is made of them.
final class AddressInfos {

    private static final Platform OS = Platform.current();
    private static final String LOOKUP = "socket_addrinfo_lookup";

    private AddressInfos() {}

    /// @return what was found, or `null`, which no slot and no warning tells of
    @SuppressWarnings("NullAway") // what is called says what it returns
    static @Nullable List<AddressInfo> lookup(
            String host, @Nullable String service, Map<String, Integer> hints, @Nullable Ref<Integer> code) {
        Arguments.requireNonNull(host, LOOKUP, 1, "host", "string");
        Arguments.requireNonNull(hints, LOOKUP, 3, "hints", "array");
        for (Object key : hints.keySet()) {
            if (!List.of("ai_flags", "ai_socktype", "ai_protocol", "ai_family").contains(key)) {
                throw Arguments.valueError(
                        LOOKUP,
                        3,
                        "hints",
                        "must only contain array keys \"ai_flags\", \"ai_socktype\", \"ai_protocol\","
                                + " or \"ai_family\"");
            }
        }
        int[] wanted = {hint(hints, "ai_flags"), hint(hints, "ai_socktype"), hint(hints, "ai_protocol"), family(hints)};
        Opening.requireNative(LOOKUP);
        int[] error = {0};
        List<AddressInfo> found = Hosts.LOOKUPS.call(() -> find(host, service, wanted, error));
        if (found == null && code != null) {
            code.value = error[0];
        }
        return found;
    }

    private static @Nullable List<AddressInfo> find(String host, @Nullable String service, int[] hints, int[] error) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(AddrInfo.LAYOUT);
            AddrInfo.set(wanted, hints[0], hints[3], hints[1], hints[2]);
            MemorySegment name = service == null ? MemorySegment.NULL : Hosts.cString(service, arena);
            MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
            error[0] = Netdb.getaddrinfo(Hosts.cString(host, arena), name, wanted, found);
            return error[0] != 0 ? null : taken(found);
        }
    }

    private static List<AddressInfo> taken(MemorySegment found) {
        try {
            var infos = new ArrayList<AddressInfo>();
            MemorySegment info = AddrInfo.first(found);
            while (!info.equals(MemorySegment.NULL)) {
                int family = AddrInfo.family(info);
                if (family == OS.AF_INET() || family == OS.AF_INET6()) {
                    infos.add(new AddressInfo(info));
                }
                info = AddrInfo.next(info);
            }
            return infos;
        } finally {
            Netdb.freeaddrinfo(found.get(ValueLayout.ADDRESS, 0));
        }
    }

    private static int hint(Map<String, Integer> hints, String key) {
        int value = number(hints, key);
        if (value < 0) {
            throw Arguments.valueError(LOOKUP, 3, "hints", "\"" + key + "\" key must be between 0 and 2147483647");
        }
        return value;
    }

    private static int family(Map<String, Integer> hints) {
        int family = number(hints, "ai_family");
        if (family != Sockets.AF_UNSPEC && family != Sockets.AF_INET && family != Sockets.AF_INET6) {
            throw Arguments.valueError(LOOKUP, 3, "hints", "\"ai_family\" key must be AF_INET or AF_INET6");
        }
        return family;
    }

    private static int number(Map<String, Integer> hints, String key) {
        Integer value = hints.get(key);
        return value == null ? 0 : value;
    }

    static @Nullable Socket bind(AddressInfo info) {
        String function = "socket_addrinfo_bind";
        return open(info, function, "Unable to bind address", (socket, name) -> Names.bind(socket, function, name));
    }

    static @Nullable Socket connect(AddressInfo info) {
        String function = "socket_addrinfo_connect";
        return open(info, function, "Unable to connect address", (socket, name) -> socket.connect(function, name));
    }

    @FunctionalInterface
    private interface Use {
        long make(Socket socket, MemorySegment address);
    }

    private static @Nullable Socket open(AddressInfo info, String function, String failed, Use use) {
        Arguments.requireNonNull(info, function, 1, "address", "AddressInfo");
        Socket socket = Opening.open(function, info.family, info.type, info.protocol);
        if (socket == null) {
            return null;
        }
        try (var arena = Arena.ofConfined()) {
            return Opening.used(socket, function, failed, use.make(socket, info.address(arena)));
        }
    }

    static Map<String, Object> explain(AddressInfo info) {
        Arguments.requireNonNull(info, "socket_addrinfo_explain", 1, "address", "AddressInfo");
        var map = new LinkedHashMap<String, Object>();
        map.put("ai_flags", info.flags);
        map.put("ai_family", info.family);
        map.put("ai_socktype", info.type);
        map.put("ai_protocol", info.protocol);
        if (info.canonicalName != null) {
            map.put("ai_canonname", info.canonicalName);
        }
        map.put("ai_addr", address(info));
        return map;
    }

    private static Map<String, Object> address(AddressInfo info) {
        String prefix = info.family == OS.AF_INET() ? "sin" : "sin6";
        try (var arena = Arena.ofConfined()) {
            MemorySegment address = info.address(arena);
            byte[] host = Objects.requireNonNull(SocketAddresses.host(address));
            return Values.map(prefix + "_port", SocketAddresses.port(address), prefix + "_addr", Hosts.text(host));
        }
    }
}
