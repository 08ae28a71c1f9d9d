package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysStat;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.foreign.Arena;

/// By which a child knows its sockets again, whatever else may be on their numbers.
final class Inodes {

    private Inodes() {}

    static long of(StreamSocket end) throws IOException {
        try (BorrowedFd borrowed = end.borrow();
                var arena = Arena.ofConfined()) {
            var stat = arena.allocate(Stat.LAYOUT);
            int answer = SysStat.fstat(new CallState(arena), borrowed.fd(), stat);
            if (answer < 0) {
                throw new AssertionError("fstat of a descriptor of ours answered " + answer);
            }
            return Stat.inode(stat);
        }
    }
}
