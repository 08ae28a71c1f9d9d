package dev.dyad.php.open;

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
import org.jspecify.annotations.Nullable;

/// Making a pair by PHP's rules.
public final class Pairs {

    private static final String FUNCTION = "socket_create_pair";
    private static final Platform OS = Platforms.current();

    private Pairs() {}

    /// Makes a pair.
    ///
    /// @param room how many sockets the caller's array has room for
    /// @return the two sockets, or `null` on failure
    public static PhpSocket @Nullable [] create(int domain, int type, int protocol, int room) {
        Domains.requireOfPair(domain, FUNCTION);
        Domains.requireType(type, FUNCTION);
        if (room < 2) {
            throw Arguments.valueError(FUNCTION, 4, "pair", "must have room for 2 sockets, has " + room);
        }
        return OS.isNative() ? open(domain, type, protocol) : openByJdk(domain, type, protocol);
    }

    private static PhpSocket @Nullable [] open(int domain, int type, int protocol) {
        var fds = new int[2];
        int answer = SocketCalls.socketpair(domain, type, protocol, fds);
        if (answer < 0) {
            return failed(answer);
        }
        return new PhpSocket[] {
            new PhpSocket(RawSocket.own(fds[0], domain)), new PhpSocket(RawSocket.own(fds[1], domain))
        };
    }

    private static PhpSocket @Nullable [] openByJdk(int domain, int type, int protocol) {
        try {
            SocketPair<?> made = SocketPair.open(domain, type, protocol);
            if (made.left() instanceof StreamSocket left && made.right() instanceof StreamSocket right) {
                return new PhpSocket[] {new PhpSocket(left, domain), new PhpSocket(right, domain)};
            }
            made.close();
            return failed(-OS.errno("ESOCKTNOSUPPORT"));
        } catch (IOException e) {
            return failed(-Errors.errnoOf(e));
        } catch (UnsupportedOperationException e) {
            return failed(-OS.errno("ESOCKTNOSUPPORT"));
        }
    }

    private static PhpSocket @Nullable [] failed(int answer) {
        Errors.note(null, FUNCTION, "Unable to create socket pair", answer);
        return null;
    }
}
