package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.IoVec;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One `sendmsg` that does not wait, made again with what is left until all was accepted: control data go with the
/// first bytes.
///
/// Used by one thread.
final class MessageSending implements SystemCall {

    private static final Platform OS = Platform.current();

    private final MemorySegment bytes;
    private final @Nullable MemorySegment name;
    private final @Nullable MemorySegment control;
    private final int flags;
    private final MemorySegment header;
    private final MemorySegment vector;
    private long sent;

    MessageSending(
            MemorySegment bytes,
            @Nullable MemorySegment name,
            @Nullable MemorySegment control,
            int flags,
            Arena arena) {
        this.bytes = bytes;
        this.name = name;
        this.control = control;
        this.flags = flags | OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();
        header = arena.allocate(MsgHdr.LAYOUT);
        vector = arena.allocate(IoVec.LAYOUT);
    }

    /// Returns how much was accepted, or what a call answered that accepted nothing.
    long result(long answer) {
        return sent > 0 ? sent : answer;
    }

    @Override
    public long make(CallState state, int fd, MemorySegment room) {
        long answer;
        do {
            prepare();
            answer = SysSocket.sendmsg(state, fd, header, flags);
            sent += Math.max(answer, 0);
        } while (answer > 0 && sent < bytes.byteSize());
        return answer;
    }

    private void prepare() {
        IoVec.set(vector, 0, bytes.asSlice(sent));
        MsgHdr.set(header, vector, 1);
        if (name != null) {
            MsgHdr.setName(header, name, (int) name.byteSize());
        }
        if (control != null && sent == 0) {
            MsgHdr.setControl(header, control, control.byteSize());
        }
    }
}
