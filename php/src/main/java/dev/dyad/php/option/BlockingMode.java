package dev.dyad.php.option;

import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.socket.fd.SocketCalls;

/// Whether calls on a socket wait.
public final class BlockingMode {

    private BlockingMode() {}

    public static boolean setBlock(PhpSocket socket) {
        return setNonBlocking(socket, "socket_set_block", "unable to set blocking mode", false);
    }

    public static boolean setNonBlock(PhpSocket socket) {
        return setNonBlocking(socket, "socket_set_nonblock", "unable to set nonblocking mode", true);
    }

    private static boolean setNonBlocking(PhpSocket socket, String function, String failed, boolean nonBlocking) {
        Arguments.requireSocket(socket, function);
        long answer = socket.call(function, (state, fd, room) -> SocketCalls.setNonBlocking(state, fd, nonBlocking));
        return Errors.succeeded(socket, function, failed, answer);
    }
}
