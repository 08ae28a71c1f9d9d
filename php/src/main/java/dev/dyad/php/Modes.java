package dev.dyad.php;

import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;

/// Whether calls on a socket wait, and which of its directions are over.
final class Modes {

    private static final Platform OS = Platform.current();

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
        return isZero(socket, function, "Unable to shutdown socket", socket.shutdown(function, mode));
    }

    static boolean isAtMark(Socket socket) {
        String function = "socket_atmark";
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> SysSocket.sockatmark(state, fd));
        return !isZero(socket, function, "Unable to apply sockmark", answer) && answer > 0;
    }

    private static boolean setNonBlocking(Socket socket, String function, String failed, boolean nonBlocking) {
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> {
            int flags = Fcntl.fcntl(state, fd, OS.F_GETFL(), 0);
            int wanted = nonBlocking ? flags | OS.O_NONBLOCK() : flags & ~OS.O_NONBLOCK();
            return flags < 0 ? flags : Fcntl.fcntl(state, fd, OS.F_SETFL(), wanted);
        });
        return isZero(socket, function, failed, answer);
    }

    private static boolean isZero(Socket socket, String function, String failed, long answer) {
        if (answer < 0) {
            Errors.note(socket, function, failed, answer);
        }
        return answer == 0;
    }
}
