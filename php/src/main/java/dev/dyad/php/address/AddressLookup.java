package dev.dyad.php.address;

import dev.dyad.php.Ref;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.AddrInfo;
import dev.dyad.posix.Netdb;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The addresses of a host and of a service on it, by `getaddrinfo`.
public final class AddressLookup {

    private static final Platform OS = Platforms.current();
    private static final String LOOKUP = "socket_addrinfo_lookup";

    private AddressLookup() {}

    /// @return what was found, or `null`, which no slot and no warning tells of
    @SuppressWarnings("NullAway") // what is called says what it returns
    public static @Nullable List<FoundAddress> lookup(
            String host, @Nullable String service, Map<String, Integer> hints, @Nullable Ref<Integer> code) {
        Arguments.requireNonNull(host, LOOKUP, 1, "host", "string");
        Arguments.requireNonNull(hints, LOOKUP, 3, "hints", "array");
        if (!List.of("ai_flags", "ai_socktype", "ai_protocol", "ai_family").containsAll(hints.keySet())) {
            String text =
                    "must only contain array keys \"ai_flags\", \"ai_socktype\", \"ai_protocol\", or \"ai_family\"";
            throw Arguments.valueError(LOOKUP, 3, "hints", text);
        }
        int[] wanted = {hint(hints, "ai_flags"), hint(hints, "ai_socktype"), hint(hints, "ai_protocol"), family(hints)};
        PhpSocket.requireNative(LOOKUP);
        return Hosts.LOOKUPS.call(() -> find(host, service, wanted, code));
    }

    /// Finds addresses of the Internet.
    ///
    /// @param hints flags, type, protocol and family
    /// @param code becomes what `getaddrinfo` answered where it found none
    /// @return them, at least one; or `null` where there is none
    static @Nullable List<FoundAddress> find(
            String host, @Nullable String service, int[] hints, @Nullable Ref<Integer> code) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(AddrInfo.LAYOUT);
            AddrInfo.set(wanted, hints[0], hints[3], hints[1], hints[2]);
            MemorySegment name = service == null ? MemorySegment.NULL : arena.allocateFrom(service);
            MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
            int error = Netdb.getaddrinfo(arena.allocateFrom(host), name, wanted, found);
            if (error != 0 && code != null) {
                code.value = error;
            }
            return error != 0 ? null : taken(found);
        }
    }

    private static List<FoundAddress> taken(MemorySegment found) {
        try {
            var infos = new ArrayList<FoundAddress>();
            MemorySegment info = AddrInfo.first(found);
            while (!info.equals(MemorySegment.NULL)) {
                int family = AddrInfo.family(info);
                if (family == OS.AF_INET() || family == OS.AF_INET6()) {
                    infos.add(FoundAddress.of(info));
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
        if (family != OS.AF_UNSPEC() && family != OS.AF_INET() && family != OS.AF_INET6()) {
            throw Arguments.valueError(LOOKUP, 3, "hints", "\"ai_family\" key must be AF_INET or AF_INET6");
        }
        return family;
    }

    private static int number(Map<String, Integer> hints, String key) {
        Integer value = hints.get(key);
        return value == null ? 0 : value;
    }
}
