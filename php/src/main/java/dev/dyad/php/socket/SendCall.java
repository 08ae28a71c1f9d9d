package dev.dyad.php.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.IoVec;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stdlib;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.fd.RawSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// One call that sends and does not wait, made again with what is left until all was accepted.
///
/// Used by one thread.
public final class SendCall implements RawSocket.Call, AutoCloseable {

    private static final Platform OS = Platforms.current();

    private final byte[] data;
    private final int length;
    private final int flags;
    private final MemorySegment name;
    private final @Nullable Message message;
    private @Nullable MemorySegment larger; // for what the call's room is too small for
    private int sent;

    /// A call of `sendto(2)`.
    ///
    /// @param name the receiver's address, or none
    public SendCall(byte[] data, int length, int flags, MemorySegment name) {
        this(data, length, flags, name, null);
    }

    /// A call of `sendmsg(2)`.
    ///
    /// @param name the receiver's address, or none
    /// @param control control data, or none, which go with the first bytes
    public SendCall(byte[] data, int flags, MemorySegment name, MemorySegment control, Arena arena) {
        var message = new Message(arena.allocate(MsgHdr.LAYOUT), arena.allocate(IoVec.LAYOUT), control);
        this(data, data.length, flags, name, message);
    }

    private SendCall(byte[] data, int length, int flags, MemorySegment name, @Nullable Message message) {
        this.data = data;
        this.length = Math.min(length, data.length);
        this.flags = flags;
        this.name = name;
        this.message = message;
    }

    private record Message(MemorySegment header, MemorySegment vector, MemorySegment control) {

        MemorySegment of(MemorySegment bytes, MemorySegment name, boolean isFirst) {
            IoVec.set(vector, 0, bytes);
            MsgHdr.set(header, vector, 1);
            MsgHdr.setName(header, name, (int) name.byteSize());
            if (isFirst) {
                MsgHdr.setControl(header, control, control.byteSize());
            }
            return header;
        }
    }

    /// Makes the call, and returns how much was accepted, or what it answered where that was nothing.
    public long by(PhpSocket socket, String function) {
        boolean isToPath = name.byteSize() > 0 && socket.domain() == OS.AF_UNIX();
        long answer = socket.sending(function, flags, isToPath, this);
        return sent > 0 ? sent : answer;
    }

    @Override
    public long make(CallState state, int fd, MemorySegment room) {
        MemorySegment source = length <= room.byteSize() ? copy(room) : larger();
        return source.byteSize() < length ? -OS.errno("ENOMEM") : sendAll(state, fd, source);
    }

    private long sendAll(CallState state, int fd, MemorySegment source) {
        long answer;
        do {
            answer = send(state, fd, source.asSlice(sent, length - sent));
            if (answer > 0) {
                sent += (int) answer;
            }
        } while (answer > 0 && sent < length);
        return answer;
    }

    private long send(CallState state, int fd, MemorySegment rest) {
        int how = flags | OS.MSG_DONTWAIT() | OS.MSG_NOSIGNAL();
        return message == null
                ? SysSocket.sendto(state, fd, rest, how, name, (int) name.byteSize())
                : SysSocket.sendmsg(state, fd, message.of(rest, name, sent == 0), how);
    }

    @Override
    public void close() {
        if (larger != null) {
            Stdlib.free(larger);
        }
    }

    private MemorySegment copy(MemorySegment room) {
        MemorySegment.copy(data, sent, room, ValueLayout.JAVA_BYTE, sent, length - sent);
        return room;
    }

    /// Returns a copy of the data, or `NULL` where there is not so much memory.
    private MemorySegment larger() {
        MemorySegment memory = larger;
        if (memory == null) {
            memory = Stdlib.malloc(length);
            larger = memory;
            MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, (int) memory.byteSize());
        }
        return memory;
    }
}
