package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SockAddrIn;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.fd.RawSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Sockets that begin: created, listening, accepted.
final class Opening {

    private static final Platform OS = Platform.current();
    private static final byte[] ANY = new byte[4];

    private Opening() {}

    static @Nullable Socket create(int domain, int type, int protocol) {
        String function = "socket_create";
        Domains.require(domain, function);
        Domains.requireType(type, function);
        requireNative(function);
        return open(function, domain, type, protocol);
    }

    /// `socket(2)`, close-on-exec.
    static @Nullable Socket open(String function, int domain, int type, int protocol) {
        try (var arena = Arena.ofConfined()) {
            int answer = SysSocket.socket(new CallState(arena), domain, type | OS.SOCK_CLOEXEC(), protocol);
            if (answer < 0) {
                Errors.note(function, "Unable to create socket", -answer);
                return null;
            }
            return new Socket(RawSocket.own(answer, domain));
        }
    }

    static @Nullable Socket createListen(int port, int backlog) {
        Arguments.requirePort(port, "socket_create_listen", 1);
        requireNative("socket_create_listen");
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int fd = SysSocket.socket(state, OS.AF_INET(), OS.SOCK_STREAM() | OS.SOCK_CLOEXEC(), 0);
            if (fd < 0) {
                return unlistened("unable to create listening socket", fd);
            }
            MemorySegment address = arena.allocate(SockAddrIn.LAYOUT);
            int length = SockAddrIn.set(address, OS.AF_INET(), ANY, port);
            int answer = SysSocket.bind(state, fd, address, length);
            String failed = "unable to bind to given address";
            if (answer == 0) {
                answer = SysSocket.listen(state, fd, backlog);
                failed = "unable to listen on socket";
            }
            if (answer < 0) {
                int _ = Unistd.close(state, fd);
                return unlistened(failed, answer);
            }
            return new Socket(RawSocket.own(fd, OS.AF_INET()));
        }
    }

    /// The error is the new socket's, which PHP throws away, and the global one.
    static @Nullable Socket accept(Socket socket) {
        String function = "socket_accept";
        Arguments.requireSocket(socket, function);
        long answer = socket.accept(function);
        if (answer < 0) {
            Errors.note(function, "unable to accept incoming connection", (int) -answer);
            return null;
        }
        return new Socket(RawSocket.own((int) answer, socket.domain()));
    }

    static void requireNative(String function) {
        if (!OS.isNative()) {
            throw Socket.noNativeAccess(function);
        }
    }

    private static @Nullable Socket unlistened(String text, int answer) {
        Errors.note("socket_create_listen", text, -answer);
        return null;
    }
}
