package dev.dyad.php;

import dev.dyad.posix.Platform;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketCalls;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// Sockets that begin: created, listening, accepted.
final class Opening {

    private static final Platform OS = Platform.current();
    private static final byte[] ANY = new byte[Hosts.IPV4_SIZE];
    private static final String UNLISTENED = "unable to listen on socket";

    private Opening() {}

    static @Nullable Socket create(int domain, int type, int protocol) {
        String function = "socket_create";
        Domains.require(domain, function);
        Domains.requireType(type, function);
        requireNative(function);
        return open(function, domain, type, protocol);
    }

    static @Nullable Socket open(String function, int domain, int type, int protocol) {
        return open(function, "Unable to create socket", domain, type, protocol);
    }

    private static @Nullable Socket open(String function, String failed, int domain, int type, int protocol) {
        int answer = SocketCalls.socket(domain, type, protocol);
        return Errors.succeeded(null, function, failed, answer) ? new Socket(RawSocket.own(answer, domain)) : null;
    }

    static @Nullable Socket createListen(int port, int backlog) {
        String function = "socket_create_listen";
        Arguments.requirePort(port, function, 1);
        requireNative(function);
        Socket socket = open(function, "unable to create listening socket", OS.AF_INET(), OS.SOCK_STREAM(), 0);
        if (socket == null) {
            return null;
        }
        try (var arena = Arena.ofConfined()) {
            long bound = Names.bind(socket, function, Addresses.internet(ANY, port, 0, arena));
            long answer = bound < 0 ? bound : Names.listen(socket, function, backlog);
            return used(socket, function, bound < 0 ? "unable to bind to given address" : UNLISTENED, answer);
        }
    }

    /// Returns a new socket, or closes it where the call failed that is its first use: nobody can ask it for its error.
    static @Nullable Socket used(Socket socket, String function, String failed, long answer) {
        if (answer < 0) {
            socket.close();
        }
        return Errors.succeeded(null, function, failed, answer) ? socket : null;
    }

    /// The error is the new socket's, which PHP throws away, and the global one.
    static @Nullable Socket accept(Socket socket) {
        String function = "socket_accept";
        Arguments.requireSocket(socket, function);
        long answer = socket.accept(function);
        return Errors.succeeded(null, function, "unable to accept incoming connection", answer)
                ? new Socket(RawSocket.own((int) answer, socket.domain()))
                : null;
    }

    static void requireNative(String function) {
        if (!OS.isNative()) {
            throw Socket.noNativeAccess(function);
        }
    }
}
