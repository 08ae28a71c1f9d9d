package dev.dyad.php;

import dev.dyad.posix.Platform;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.fd.RawSocket;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;

/// Making a pair by PHP's rules.
final class Pairs {

    private static final String FUNCTION = "socket_create_pair";
    private static final Platform OS = Platform.current();

    private Pairs() {}

    static boolean create(int domain, int type, int protocol, Socket[] pair) {
        Arguments.requireNonNull(pair, FUNCTION, 4, "pair", "array");
        Domains.requireOfPair(domain, FUNCTION);
        Domains.requireType(type, FUNCTION);
        requireRoom(pair);
        return OS.isNative() ? open(domain, type, protocol, pair) : openByJdk(domain, type, protocol, pair);
    }

    private static boolean open(int domain, int type, int protocol, Socket[] pair) {
        var fds = new int[2];
        int answer = SocketCalls.socketpair(domain, type, protocol, fds);
        if (answer < 0) {
            return failed(-answer);
        }
        pair[0] = new Socket(RawSocket.own(fds[0], domain));
        pair[1] = new Socket(RawSocket.own(fds[1], domain));
        return true;
    }

    private static boolean openByJdk(int domain, int type, int protocol, Socket[] pair) {
        try {
            SocketPair<?> made = SocketPair.open(domain, type, protocol);
            if (made.left() instanceof StreamSocket left && made.right() instanceof StreamSocket right) {
                pair[0] = new Socket(left, domain);
                pair[1] = new Socket(right, domain);
                return true;
            }
            made.close();
            return failed(Sockets.SOCKET_ESOCKTNOSUPPORT);
        } catch (IOException e) {
            return failed(Errors.errnoOf(e));
        } catch (UnsupportedOperationException e) {
            return failed(Sockets.SOCKET_ESOCKTNOSUPPORT);
        }
    }

    private static boolean failed(int errno) {
        Errors.note(FUNCTION, "Unable to create socket pair", errno);
        return false;
    }

    private static void requireRoom(Socket[] pair) {
        if (pair.length < 2) {
            throw Arguments.valueError(FUNCTION, 4, "pair", "must have room for 2 sockets, has " + pair.length);
        }
    }
}
