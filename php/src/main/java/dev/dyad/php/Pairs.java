package dev.dyad.php;

import static dev.dyad.php.Sockets.AF_INET;
import static dev.dyad.php.Sockets.AF_INET6;
import static dev.dyad.php.Sockets.AF_UNIX;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;

/// Making a pair by PHP's rules.
final class Pairs {

    private static final String FUNCTION = "socket_create_pair";

    /// PHP looks at the upper bound only; what is below it and no type is for the kernel to refuse.
    private static final int HIGHEST_TYPE = 10;

    private Pairs() {}

    static boolean create(int domain, int type, int protocol, Socket[] pair) {
        Arguments.requireNonNull(pair, FUNCTION, 4, "pair", "array");
        requireDomain(domain);
        requireType(type);
        requireRoom(pair);
        try {
            SocketPair<?> made = SocketPair.open(domain, type, protocol);
            if (made.left() instanceof StreamSocket left && made.right() instanceof StreamSocket right) {
                pair[0] = new Socket(left);
                pair[1] = new Socket(right);
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

    private static void requireDomain(int domain) {
        if (domain != AF_UNIX && domain != AF_INET6 && domain != AF_INET) {
            throw new ValueError(FUNCTION + "(): Argument #1 ($domain) must be one of AF_UNIX, AF_INET6, or AF_INET");
        }
    }

    private static void requireType(int type) {
        if (type > HIGHEST_TYPE) {
            throw new ValueError(FUNCTION + "(): Argument #2 ($type) must be one of SOCK_STREAM, SOCK_DGRAM,"
                    + " SOCK_SEQPACKET, SOCK_RAW, or SOCK_RDM");
        }
    }

    private static void requireRoom(Socket[] pair) {
        if (pair.length < 2) {
            throw new ValueError(FUNCTION + "(): Argument #4 ($pair) must have room for 2 sockets, has " + pair.length);
        }
    }
}
