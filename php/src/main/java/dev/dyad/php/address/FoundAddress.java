package dev.dyad.php.address;

import dev.dyad.php.convert.Values;
import dev.dyad.posix.AddrInfo;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An address that `getaddrinfo` found, and the kind of socket that it is for.
///
/// @param canonicalName of the host, where that was asked for
/// @param address as the calls want it; nobody changes it
public record FoundAddress(
        int flags,
        int family,
        int type,
        int protocol,
        @Nullable String canonicalName,
        MemorySegment address) {

    private static final Platform OS = Platforms.current();

    static FoundAddress of(MemorySegment info) {
        byte[] bytes = AddrInfo.address(info);
        return new FoundAddress(
                AddrInfo.flags(info),
                AddrInfo.family(info),
                AddrInfo.type(info),
                AddrInfo.protocol(info),
                AddrInfo.canonicalName(info),
                Arena.ofAuto().allocate(bytes.length, Long.BYTES).copyFrom(MemorySegment.ofArray(bytes)));
    }

    /// Returns all of it as PHP's array.
    public Map<String, Object> explain() {
        Map<String, Object> map =
                Values.map("ai_flags", flags, "ai_family", family, "ai_socktype", type, "ai_protocol", protocol);
        if (canonicalName != null) {
            map.put("ai_canonname", canonicalName);
        }
        String prefix = family == OS.AF_INET() ? "sin" : "sin6";
        map.put(
                "ai_addr",
                Values.map(prefix + "_port", SocketAddresses.port(address), prefix + "_addr", Hosts.text(host())));
        return map;
    }

    byte[] host() {
        return Objects.requireNonNull(SocketAddresses.host(address));
    }
}
