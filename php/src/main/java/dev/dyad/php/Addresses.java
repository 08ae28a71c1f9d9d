package dev.dyad.php;

import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SockAddrIn;
import dev.dyad.posix.SockAddrIn6;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SockAddrUn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Addresses: as PHP writes them, and as the calls want them.
///
/// Each is a segment that is as long as the address.
final class Addresses {

    private static final Platform OS = Platform.current();

    private Addresses() {}

    /// Returns the address of a host of the socket's family, or `null` where a warning said that there is none.
    static @Nullable MemorySegment host(Socket socket, String function, String host, int port, Arena arena) {
        return socket.domain() == OS.AF_INET()
                ? inet(socket, function, host, port, arena)
                : inet6(socket, function, host, port, arena);
    }

    private static @Nullable MemorySegment inet(Socket socket, String function, String host, int port, Arena arena) {
        byte[] bytes = Hosts.ipv4(socket, function, host);
        if (bytes == null) {
            return null;
        }
        MemorySegment address = arena.allocate(SockAddrIn.LAYOUT);
        int _ = SockAddrIn.set(address, OS.AF_INET(), bytes, port);
        return address;
    }

    private static @Nullable MemorySegment inet6(Socket socket, String function, String host, int port, Arena arena) {
        byte[] bytes = Hosts.ipv6(socket, function, host);
        if (bytes == null) {
            return null;
        }
        MemorySegment address = arena.allocate(SockAddrIn6.LAYOUT);
        int _ = SockAddrIn6.set(address, OS.AF_INET6(), bytes, port, Hosts.scope(function, host));
        return address;
    }

    /// Returns the address of a path, which has room.
    static MemorySegment unix(byte[] path, Arena arena) {
        MemorySegment address = arena.allocate(SockAddrUn.LAYOUT);
        return address.asSlice(0, SockAddrUn.set(address, OS.AF_UNIX(), path));
    }

    /// Returns the bytes of a path.
    ///
    /// @param position of the argument that it is
    /// @throws ValueError if there is no room for it in an address
    static byte[] path(String function, int position, String path) {
        byte[] bytes = NativeText.bytes(path);
        if (bytes.length >= SockAddrUn.capacity()) {
            throw Arguments.valueError(function, position, "address", "must be less than " + SockAddrUn.capacity());
        }
        return bytes;
    }

    /// Returns the path in an address, as a C string: of an abstract one that is nothing.
    static String path(MemorySegment address) {
        byte[] path = SockAddrUn.path(address, (int) address.byteSize());
        int end = 0;
        while (end < path.length && path[end] != 0) {
            end++;
        }
        return NativeText.text(Arrays.copyOf(path, end));
    }

    static byte[] ipv6Host(byte[] address) {
        return SockAddrIn6.host(MemorySegment.ofArray(Arrays.copyOf(address, (int) SockAddrIn6.LAYOUT.byteSize())));
    }

    /// Says what an address is.
    ///
    /// @return whether its family is one of PHP's
    static boolean tell(MemorySegment storage, Ref<String> address, @Nullable Ref<Integer> port) {
        int family = SockAddrStorage.family(storage);
        if (family == OS.AF_UNIX()) {
            address.value = path(storage);
            return true;
        }
        if (family == OS.AF_INET()) {
            address.value = Hosts.text(SockAddrIn.host(storage));
            tell(port, SockAddrIn.port(storage));
            return true;
        }
        if (family == OS.AF_INET6()) {
            address.value = Hosts.text(SockAddrIn6.host(storage));
            tell(port, SockAddrIn6.port(storage));
            return true;
        }
        return false;
    }

    private static void tell(@Nullable Ref<Integer> port, int number) {
        if (port != null) {
            port.value = number;
        }
    }
}
