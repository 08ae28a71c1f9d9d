package dev.dyad.php.open;

import dev.dyad.php.address.Addresses;
import dev.dyad.php.address.FoundAddress;
import dev.dyad.php.address.Hosts;
import dev.dyad.php.address.Names;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Sockets that begin: created, listening, accepted, with an address that was looked up.
public final class Opening {

    private static final Platform OS = Platforms.current();
    private static final byte[] ANY = new byte[Hosts.IPV4_SIZE];
    private static final String UNLISTENED = "unable to listen on socket";

    private Opening() {}

    public static @Nullable PhpSocket create(int domain, int type, int protocol) {
        String function = "socket_create";
        Domains.require(domain, function);
        Domains.requireType(type, function);
        PhpSocket.requireNative(function);
        return open(function, domain, type, protocol);
    }

    private static @Nullable PhpSocket open(String function, int domain, int type, int protocol) {
        return open(function, "Unable to create socket", domain, type, protocol);
    }

    private static @Nullable PhpSocket open(String function, String failed, int domain, int type, int protocol) {
        int answer = SocketCalls.socket(domain, type, protocol);
        return Errors.succeeded(null, function, failed, answer) ? new PhpSocket(RawSocket.own(answer, domain)) : null;
    }

    public static @Nullable PhpSocket createListen(int port, int backlog) {
        String function = "socket_create_listen";
        Arguments.requirePort(port, function, 1);
        PhpSocket.requireNative(function);
        PhpSocket socket = open(function, "unable to create listening socket", OS.AF_INET(), OS.SOCK_STREAM(), 0);
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
    private static @Nullable PhpSocket used(PhpSocket socket, String function, String failed, long answer) {
        if (answer < 0) {
            socket.close();
        }
        return Errors.succeeded(null, function, failed, answer) ? socket : null;
    }

    /// The error is the new socket's, which PHP throws away, and the global one.
    public static @Nullable PhpSocket accept(PhpSocket socket) {
        String function = "socket_accept";
        Arguments.requireSocket(socket, function);
        long answer = socket.accept(function);
        return Errors.succeeded(null, function, "unable to accept incoming connection", answer)
                ? new PhpSocket(RawSocket.own((int) answer, socket.domain()))
                : null;
    }

    /// Makes a socket with an address that was looked up.
    public static @Nullable PhpSocket bound(FoundAddress address) {
        String function = "socket_addrinfo_bind";
        return openAt(
                address, function, "Unable to bind address", (socket, name) -> Names.bind(socket, function, name));
    }

    /// Makes a socket that is connected to an address that was looked up.
    public static @Nullable PhpSocket connected(FoundAddress address) {
        String function = "socket_addrinfo_connect";
        return openAt(address, function, "Unable to connect address", (socket, name) -> socket.connect(function, name));
    }

    @FunctionalInterface
    private interface Use {
        long make(PhpSocket socket, MemorySegment address);
    }

    private static @Nullable PhpSocket openAt(FoundAddress address, String function, String failed, Use use) {
        Arguments.requireNonNull(address, function, 1, "address", "AddressInfo");
        PhpSocket socket = open(function, address.family(), address.type(), address.protocol());
        if (socket == null) {
            return null;
        }
        try (var arena = Arena.ofConfined()) {
            return used(socket, function, failed, use.make(socket, address.address(arena)));
        }
    }
}
