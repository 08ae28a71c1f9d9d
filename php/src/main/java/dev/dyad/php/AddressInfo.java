package dev.dyad.php;

import dev.dyad.posix.AddrInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// PHP's `AddressInfo`: what a lookup found. [Sockets#socket_addrinfo_explain] tells what is in it.
///
/// Immutable.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="address-info"}
public final class AddressInfo {

    final int flags;
    final int family;
    final int type;
    final int protocol;
    final @Nullable String canonicalName;
    private final byte[] address;

    AddressInfo(MemorySegment info) {
        flags = AddrInfo.flags(info);
        family = AddrInfo.family(info);
        type = AddrInfo.type(info);
        protocol = AddrInfo.protocol(info);
        canonicalName = AddrInfo.canonicalName(info);
        address = AddrInfo.address(info);
    }

    MemorySegment address(Arena arena) {
        return arena.allocate(address.length, Long.BYTES).copyFrom(MemorySegment.ofArray(address));
    }
}
