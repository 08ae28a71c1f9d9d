package dev.dyad.process.inherited;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Unistd;
import dev.dyad.process.Inherited;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.CloseOnFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Takes over an end that stands where a standard stream does.
///
/// Its number cannot just be kept: a child that inherits the stream would have the end, something else would get
/// the number when the end is closed, and what is printed would go there. So the end moves to a number of its own,
/// and the null device takes the place of each standard stream that was that same socket.
public final class StandardStreamSocket {

    /// What takes the place of such a stream.
    public static final Path NULL_DEVICE = Path.of("/dev/null");

    private static final int STREAMS = 3;

    private StandardStreamSocket() {}

    /// Takes over a descriptor that must be a certain socket, standard stream or not.
    ///
    /// @throws SystemCallException if it is not; the number then stays what it was
    static StreamSocket adopt(int fd, long inode) throws IOException {
        if (fd >= STREAMS) {
            return Inherited.adopt(fd, inode);
        }
        SocketInode.require(fd, inode);
        try (Descriptor copy = copy(fd)) { // to no effect once it is an end
            return CloseOnFailure.of(copy.toStreamSocket(), _ -> putNothing(inode));
        }
    }

    private static Descriptor copy(int fd) throws IOException {
        return switch (fd) {
            case 0 -> Descriptor.standardInput();
            case 1 -> Descriptor.standardOutput();
            default -> Descriptor.standardError();
        };
    }

    /// Puts the null device in the place of each standard stream that is that socket.
    private static void putNothing(long inode) throws IOException {
        try (var nothing = Descriptor.open(NULL_DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var borrowed = nothing.borrow()) {
            for (int fd = 0; fd < STREAMS; fd++) {
                if (SocketInode.is(fd, inode)) {
                    replace(fd, borrowed.fd());
                }
            }
        }
    }

    private static void replace(int fd, int by) throws SystemCallException {
        try (var call = CallState.open()) {
            int answer = CallState.retry(() -> Unistd.dup3(call, by, fd, 0));
            if (answer < 0) {
                throw new SystemCallException("dup3", Errno.of(answer), "descriptor " + fd);
            }
        }
    }
}
