package dev.dyad.php.address;

import dev.dyad.php.convert.Values;
import dev.dyad.posix.AddrInfo;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An address that `getaddrinfo` found, and the kind of socket that it is for.
///
/// @param canonicalName of the host, where that was asked for
/// @param bytes the address, which nobody changes
public record FoundAddress(
        int flags,
        int family,
        int type,
        int protocol,
        @Nullable String canonicalName,
        MemorySegment bytes) {

    private static final Platform OS = Platforms.current();

    static FoundAddress of(MemorySegment info) {
        return new FoundAddress(
                AddrInfo.flags(info),
                AddrInfo.family(info),
                AddrInfo.type(info),
                AddrInfo.protocol(info),
                AddrInfo.canonicalName(info),
                MemorySegment.ofArray(AddrInfo.address(info)));
    }

    /// Returns the address as the calls want it.
    public MemorySegment address(Arena arena) {
        return arena.allocate(bytes.byteSize(), Long.BYTES).copyFrom(bytes);
    }

    /// Returns all of it as PHP's array.
    public Map<String, Object> explain() {
        var map = new LinkedHashMap<String, Object>();
        map.put("ai_flags", flags);
        map.put("ai_family", family);
        map.put("ai_socktype", type);
        map.put("ai_protocol", protocol);
        if (canonicalName != null) {
            map.put("ai_canonname", canonicalName);
        }
        map.put("ai_addr", explainAddress());
        return map;
    }

    private Map<String, Object> explainAddress() {
        String prefix = family == OS.AF_INET() ? "sin" : "sin6";
        try (var arena = Arena.ofConfined()) {
            return Values.map(
                    prefix + "_port", SocketAddresses.port(address(arena)), prefix + "_addr", Hosts.text(host()));
        }
    }

    byte[] host() {
        try (var arena = Arena.ofConfined()) {
            return Objects.requireNonNull(SocketAddresses.host(address(arena)));
        }
    }
}
