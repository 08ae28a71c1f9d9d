package dev.dyad.process.inherited;

import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;

/// Whether a descriptor is the socket that is meant: the one with an inode that another process has told.
public final class SocketInode {

    private SocketInode() {}

    /// Makes sure that a descriptor is the socket with that inode.
    ///
    /// @throws SystemCallException if it is not
    public static void require(int fd, long inode) throws IOException {
        if (SocketCalls.inode(fd) != inode) {
            throw new SystemCallException(
                    "fstat", Errno.EBADF, "descriptor " + fd + " is a socket, but not the one with inode " + inode);
        }
    }

    /// Returns whether a descriptor is the socket with that inode.
    static boolean is(int fd, long inode) {
        try {
            return SocketCalls.inode(fd) == inode;
        } catch (IOException e) {
            return false; // closed, or no socket
        }
    }
}
