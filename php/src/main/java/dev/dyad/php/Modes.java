package dev.dyad.php;

import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.SocketCalls;

/// Whether calls on a socket wait, and which of its directions are over.
final class Modes {

    private Modes() {}

    static boolean setBlock(Socket socket) {
        return setNonBlocking(socket, "socket_set_block", "unable to set blocking mode", false);
    }

    static boolean setNonBlock(Socket socket) {
        return setNonBlocking(socket, "socket_set_nonblock", "unable to set nonblocking mode", true);
    }

    static boolean shutdown(Socket socket, int mode) {
        String function = "socket_shutdown";
        Arguments.requireSocket(socket, function);
        if (mode < Sockets.SHUT_RD || mode > Sockets.SHUT_RDWR) {
            throw Arguments.valueError(function, 2, "mode", "must be one of SHUT_RD, SHUT_WR or SHUT_RDWR");
        }
        return Errors.succeeded(socket, function, "Unable to shutdown socket", socket.shutdown(function, mode));
    }

    static boolean isAtMark(Socket socket) {
        String function = "socket_atmark";
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> SysSocket.sockatmark(state, fd));
        return Errors.succeeded(socket, function, "Unable to apply sockmark", answer) && answer > 0;
    }

    private static boolean setNonBlocking(Socket socket, String function, String failed, boolean nonBlocking) {
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> SocketCalls.setNonBlocking(state, fd, nonBlocking));
        return Errors.succeeded(socket, function, failed, answer);
    }
}
