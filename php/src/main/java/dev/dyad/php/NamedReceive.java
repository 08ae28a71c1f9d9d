package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.IoVec;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.SockAddrStorage;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A `recvmsg` that tells where what it received came from.
final class NamedReceive implements Gathering.Receive {

    private final int flags;
    private final MemorySegment name;
    private final MemorySegment vector;
    private final MemorySegment message;
    private int nameLength; // as the last call told that received something

    NamedReceive(Arena arena, int flags) {
        this.flags = flags;
        name = arena.allocate(SockAddrStorage.LAYOUT);
        vector = arena.allocate(IoVec.LAYOUT);
        message = arena.allocate(MsgHdr.LAYOUT);
        MsgHdr.set(message, vector, 1);
    }

    @Override
    public long into(CallState state, int fd, MemorySegment target) {
        IoVec.set(vector, 0, target);
        MsgHdr.setName(message, name, (int) name.byteSize());
        long answer = SysSocket.recvmsg(state, fd, message, flags);
        if (answer >= 0) {
            nameLength = MsgHdr.nameLength(message);
        }
        return answer;
    }

    MemorySegment name() {
        return name;
    }

    /// Returns how long the name is, zero where there is none.
    int nameLength() {
        return nameLength;
    }
}
