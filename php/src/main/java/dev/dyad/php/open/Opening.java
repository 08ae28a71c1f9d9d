package dev.dyad.php.open;

import static dev.dyad.php.Sockets.AF_PACKET;
import static dev.dyad.php.Sockets.SOCK_CLOEXEC;
import static dev.dyad.php.Sockets.SOCK_NONBLOCK;

import dev.dyad.php.address.Addresses;
import dev.dyad.php.address.FoundAddress;
import dev.dyad.php.address.Hosts;
import dev.dyad.php.address.Names;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/// Sockets that begin: created one by one and in pairs, listening, accepted, with an address that was looked up.
public final class Opening {

    private static final Platform OS = Platforms.current();
    private static final byte[] ANY = new byte[Hosts.IPV4_SIZE];
    private static final String UNCREATED = "Unable to create socket";
    private static final String PAIR = "socket_create_pair";

    /// PHP looks at the upper bound only.
    private static final int HIGHEST_TYPE = 10;

    private Opening() {}

    public static @Nullable PhpSocket create(int domain, int type, int protocol) {
        String function = "socket_create";
        require(domain == AF_PACKET || isOfPair(domain), "AF_UNIX, AF_PACKET, AF_INET6, or AF_INET", function);
        requireType(type, function);
        PhpSocket.requireNative(function);
        return open(function, UNCREATED, domain, type, protocol);
    }

    private static boolean isOfPair(int domain) {
        return domain == OS.AF_UNIX() || domain == OS.AF_INET6() || domain == OS.AF_INET();
    }

    private static void require(boolean isKnown, String domains, String function) {
        if (!isKnown) {
            throw Arguments.valueError(function, 1, "domain", "must be one of " + domains);
        }
    }

    /// The rest is for the kernel to refuse.
    private static void requireType(int type, String function) {
        if ((type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) > HIGHEST_TYPE) {
            throw Arguments.valueError(
                    function,
                    2,
                    "type",
                    "must be one of SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW, or SOCK_RDM"
                            + " optionally OR'ed with SOCK_CLOEXEC, SOCK_NONBLOCK");
        }
    }

    /// Makes a pair.
    ///
    /// @param room how many sockets the caller's array has room for
    /// @return the two sockets, or `null` on failure
    public static PhpSocket @Nullable [] pair(int domain, int type, int protocol, int room) {
        require(isOfPair(domain), "AF_UNIX, AF_INET6, or AF_INET", PAIR);
        requireType(type, PAIR);
        if (room < 2) {
            throw Arguments.valueError(PAIR, 4, "pair", "must have room for 2 sockets, has " + room);
        }
        var pair = new PhpSocket[2];
        int answer = OS.isNative() ? open(pair, domain, type, protocol) : openByJdk(pair, domain, type, protocol);
        return Errors.succeeded(null, PAIR, "Unable to create socket pair", answer) ? pair : null;
    }

    private static int open(PhpSocket[] pair, int domain, int type, int protocol) {
        var fds = new int[2];
        int answer = SocketCalls.socketpair(domain, type, protocol, fds);
        for (int i = 0; i < 2 && answer >= 0; i++) {
            pair[i] = new PhpSocket(RawSocket.own(fds[i], domain));
        }
        return answer;
    }

    private static int openByJdk(PhpSocket[] pair, int domain, int type, int protocol) {
        try {
            SocketPair<?> made = SocketPair.open(domain, type, protocol);
            if (made.left() instanceof StreamSocket left && made.right() instanceof StreamSocket right) {
                pair[0] = new PhpSocket(left, domain);
                pair[1] = new PhpSocket(right, domain);
                return 0;
            }
            made.close();
            return -OS.errno("ESOCKTNOSUPPORT");
        } catch (IOException e) {
            return -Errors.errnoOf(e);
        } catch (UnsupportedOperationException e) {
            return -OS.errno("ESOCKTNOSUPPORT");
        }
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
            return bound < 0
                    ? used(socket, function, "unable to bind to given address", bound)
                    : used(socket, function, "unable to listen on socket", Names.listen(socket, function, backlog));
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
        long answer = socket.on(function, RawSocket::accept);
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

    private static @Nullable PhpSocket openAt(
            FoundAddress address, String function, String failed, ToLongBiFunction<PhpSocket, MemorySegment> use) {
        Arguments.requireNonNull(address, function, 1, "address", "AddressInfo");
        PhpSocket socket = open(function, UNCREATED, address.family(), address.type(), address.protocol());
        return socket == null ? null : used(socket, function, failed, use.applyAsLong(socket, address.address()));
    }
}
