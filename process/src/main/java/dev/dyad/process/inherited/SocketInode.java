package dev.dyad.process.inherited;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysStat;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The number by which the kernel knows a socket, the same in every process that has it.
public final class SocketInode {

    private static final Platform OS = Platforms.current();

    private SocketInode() {}

    /// Returns the inode of a socket.
    ///
    /// @throws SystemCallException if the descriptor is not open, or not a socket
    public static long of(int fd) throws IOException {
        try (var call = CallState.open()) {
            MemorySegment stat = call.allocate(Stat.LAYOUT);
            int answer = SysStat.fstat(call, fd, stat);
            if (answer < 0) {
                throw new SystemCallException("fstat", Errno.of(answer), "descriptor " + fd);
            }
            if ((Stat.mode(stat) & OS.S_IFMT()) != OS.S_IFSOCK()) {
                throw new SystemCallException("fstat", Errno.ENOTSOCK, "descriptor " + fd);
            }
            return Stat.inode(stat);
        }
    }

    /// Makes sure that a descriptor is the socket with that inode.
    ///
    /// @throws SystemCallException if it is not
    public static void require(int fd, long inode) throws IOException {
        if (of(fd) != inode) {
            throw new SystemCallException(
                    "fstat", Errno.EBADF, "descriptor " + fd + " is a socket, but not the one with inode " + inode);
        }
    }

    /// Returns whether a descriptor is the socket with that inode.
    static boolean is(int fd, long inode) {
        try {
            return of(fd) == inode;
        } catch (IOException e) {
            return false; // closed, or no socket
        }
    }
}
