package dev.dyad.php.address;

import dev.dyad.php.Ref;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The name of a socket, and that of its peer.
public final class Names {

    private static final Platform OS = Platforms.current();

    private Names() {}

    public static boolean bind(PhpSocket socket, String address, int port) {
        String function = "socket_bind";
        Arguments.requireSocketAnd(address, "address", "string", socket, function);
        Arguments.requirePort(port, function, 3);
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = Addresses.of(socket, function, 2, address, port, arena);
            return name != null
                    && Errors.succeeded(socket, function, "Unable to bind address", bind(socket, function, name));
        }
    }

    public static long bind(PhpSocket socket, String function, MemorySegment name) {
        return socket.call(function, (state, fd, room) -> SysSocket.bind(state, fd, name, (int) name.byteSize()));
    }

    public static boolean listen(PhpSocket socket, int backlog) {
        String function = "socket_listen";
        Arguments.requireSocket(socket, function);
        return Errors.succeeded(socket, function, "unable to listen on socket", listen(socket, function, backlog));
    }

    public static long listen(PhpSocket socket, String function, int backlog) {
        return socket.call(function, (state, fd, room) -> SysSocket.listen(state, fd, backlog));
    }

    /// The port wraps, as in PHP, although it is looked at elsewhere.
    ///
    /// @param port `null` where it was left out, which an Internet address cannot be without
    public static boolean connect(PhpSocket socket, String address, @Nullable Integer port) {
        String function = "socket_connect";
        Arguments.requireSocketAnd(address, "address", "string", socket, function);
        requirePort(socket, function, 3, port);
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = Addresses.of(socket, function, 2, address, port == null ? 0 : port, arena);
            return name != null
                    && Errors.succeeded(socket, function, "unable to connect", socket.connect(function, name));
        }
    }

    public static void requirePort(PhpSocket socket, String function, int position, @Nullable Integer port) {
        if (port == null && socket.isInternet()) {
            String family = socket.domain() == OS.AF_INET() ? "AF_INET" : "AF_INET6";
            throw Arguments.valueError(function, position, "port", "cannot be null when the socket type is " + family);
        }
    }

    public static boolean sockname(PhpSocket socket, Ref<String> address, @Nullable Ref<Integer> port) {
        return name(socket, false, address, port);
    }

    public static boolean peername(PhpSocket socket, Ref<String> address, @Nullable Ref<Integer> port) {
        return name(socket, true, address, port);
    }

    private static boolean name(PhpSocket socket, boolean peer, Ref<String> address, @Nullable Ref<Integer> port) {
        String function = peer ? "socket_getpeername" : "socket_getsockname";
        Arguments.requireSocketAnd(address, "address", "Ref", socket, function);
        try (var arena = Arena.ofConfined()) {
            MemorySegment storage = arena.allocate(SockAddrStorage.LAYOUT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) storage.byteSize());
            long answer = socket.call(
                    function,
                    (state, fd, room) -> peer
                            ? SysSocket.getpeername(state, fd, storage, length)
                            : SysSocket.getsockname(state, fd, storage, length));
            String failed = "unable to retrieve " + (peer ? "peer" : "socket") + " name";
            boolean isKnown = Errors.succeeded(socket, function, failed, answer);
            if (isKnown && !Addresses.tell(storage, address, port)) {
                throw Arguments.unknownFamily(function);
            }
            return isKnown;
        }
    }
}
