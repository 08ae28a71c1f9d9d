package dev.dyad.php;

import dev.dyad.posix.Platform;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// What a socket is called, and whom it is connected to.
final class Names {

    private static final Platform OS = Platform.current();

    private Names() {}

    static boolean bind(Socket socket, String address, int port) {
        String function = "socket_bind";
        Arguments.requireSocketAnd(address, "address", "string", socket, function);
        Arguments.requirePort(port, function, 3);
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = Addresses.of(socket, function, 2, address, port, arena);
            if (name == null) {
                return false;
            }
            return Errors.succeeded(socket, function, "Unable to bind address", bind(socket, function, name));
        }
    }

    static long bind(Socket socket, String function, MemorySegment name) {
        return socket.call(function, (state, fd, room) -> SysSocket.bind(state, fd, name, (int) name.byteSize()));
    }

    static boolean listen(Socket socket, int backlog) {
        String function = "socket_listen";
        Arguments.requireSocket(socket, function);
        return Errors.succeeded(socket, function, "unable to listen on socket", listen(socket, function, backlog));
    }

    static long listen(Socket socket, String function, int backlog) {
        return socket.call(function, (state, fd, room) -> SysSocket.listen(state, fd, backlog));
    }

    /// The port wraps, as in PHP, although it is looked at elsewhere.
    ///
    /// @param port `null` where it was left out, which an Internet address cannot be without
    static boolean connect(Socket socket, String address, @Nullable Integer port) {
        String function = "socket_connect";
        Arguments.requireSocketAnd(address, "address", "string", socket, function);
        requirePort(socket, function, 3, port);
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = Addresses.of(socket, function, 2, address, port == null ? 0 : port, arena);
            if (name == null) {
                return false;
            }
            return Errors.succeeded(socket, function, "unable to connect", socket.connect(function, name));
        }
    }

    static boolean sockname(Socket socket, Ref<String> address, @Nullable Ref<Integer> port) {
        return name(socket, "socket_getsockname", "unable to retrieve socket name", false, address, port);
    }

    static boolean peername(Socket socket, Ref<String> address, @Nullable Ref<Integer> port) {
        return name(socket, "socket_getpeername", "unable to retrieve peer name", true, address, port);
    }

    static void requirePort(Socket socket, String function, int position, @Nullable Integer port) {
        if (port == null && socket.domain() == OS.AF_INET()) {
            throw Arguments.valueError(function, position, "port", "cannot be null when the socket type is AF_INET");
        }
        if (port == null && socket.domain() == OS.AF_INET6()) {
            throw Arguments.valueError(function, position, "port", "cannot be null when the socket type is AF_INET6");
        }
    }

    private static boolean name(
            Socket socket,
            String function,
            String failed,
            boolean peer,
            Ref<String> address,
            @Nullable Ref<Integer> port) {
        Arguments.requireSocketAnd(address, "address", "Ref", socket, function);
        try (var arena = Arena.ofConfined()) {
            MemorySegment storage = arena.allocate(SockAddrStorage.LAYOUT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) storage.byteSize());
            long answer = socket.call(
                    function,
                    (state, fd, room) -> peer
                            ? SysSocket.getpeername(state, fd, storage, length)
                            : SysSocket.getsockname(state, fd, storage, length));
            if (!Errors.succeeded(socket, function, failed, answer)) {
                return false;
            }
            if (!Addresses.tell(storage, address, port)) {
                throw Arguments.unknownFamily(function);
            }
            return true;
        }
    }
}
