package dev.dyad.php.address;

import dev.dyad.php.Ref;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.socket.fd.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Addresses: as PHP writes them, and as the calls want them.
///
/// Each is a segment that is as long as the address.
public final class Addresses {

    private static final Platform OS = Platforms.current();

    private Addresses() {}

    /// Returns an address of the socket's family, or `null` where a warning said that there is none.
    ///
    /// @param position of the argument that it is
    public static @Nullable MemorySegment of(
            PhpSocket socket, String function, int position, String address, int port, Arena arena) {
        if (socket.domain() == OS.AF_UNIX()) {
            return unix(path(function, position, address), arena);
        }
        if (!socket.isInternet()) {
            throw Arguments.unknownFamily(function);
        }
        return host(socket, function, address, port, arena);
    }

    /// Returns the address of a host of the socket's family, or `null` where a warning said that there is none.
    public static @Nullable MemorySegment host(PhpSocket socket, String function, String host, int port, Arena arena) {
        boolean isSix = socket.domain() != OS.AF_INET();
        byte[] bytes = Hosts.address(socket, function, host, isSix);
        return bytes == null ? null : internet(bytes, port, isSix ? Hosts.scope(function, host) : 0, arena);
    }

    /// Returns the address of a host that has as many bytes as its family wants.
    public static MemorySegment internet(byte[] host, int port, int scope, Arena arena) {
        MemorySegment address = arena.allocate(SockAddrStorage.LAYOUT);
        return address.asSlice(0, SocketAddresses.put(address, host, port, scope));
    }

    /// Returns the address of a path, which has room.
    public static MemorySegment unix(byte[] path, Arena arena) {
        MemorySegment address = arena.allocate(SockAddrUn.LAYOUT);
        return address.asSlice(0, SockAddrUn.set(address, OS.AF_UNIX(), path));
    }

    /// Returns the bytes of a path.
    ///
    /// @param position of the argument that it is
    /// @throws dev.dyad.php.ValueError if there is no room for it in an address
    public static byte[] path(String function, int position, String path) {
        byte[] bytes = NativeText.bytes(path);
        if (bytes.length >= SockAddrUn.capacity()) {
            throw Arguments.valueError(function, position, "address", "must be less than " + SockAddrUn.capacity());
        }
        return bytes;
    }

    /// Returns the path in an address, as a C string: of an abstract one that is nothing.
    public static String path(MemorySegment address) {
        return NativeText.text(untilNul(SockAddrUn.path(address, (int) address.byteSize()), 0));
    }

    /// Returns the bytes before the first NUL that is at `from` or behind it, or all.
    public static byte[] untilNul(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, Math.min(end, bytes.length));
    }

    /// Says what an address is.
    ///
    /// @return whether its family is one of PHP's
    public static boolean tell(MemorySegment storage, Ref<String> address, @Nullable Ref<Integer> port) {
        byte[] host = SocketAddresses.host(storage);
        if (host != null) {
            address.value = Hosts.text(host);
            if (port != null) {
                port.value = SocketAddresses.port(storage);
            }
            return true;
        }
        boolean isPath = SockAddrStorage.family(storage) == OS.AF_UNIX();
        if (isPath) {
            address.value = path(storage);
        }
        return isPath;
    }
}
