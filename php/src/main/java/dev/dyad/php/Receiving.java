package dev.dyad.php;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.SysSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// One `recv` that does not wait, tried until it answers.
///
/// Used by one thread.
final class Receiving implements SystemCall, AutoCloseable {

    /// The most that one call takes: an absurd length must not become an absurd allocation. No more is ever
    /// queued in a socket with default buffers.
    private static final int LONGEST = 1 << 20;

    private static final Platform OS = Platform.current();
    private static final byte[] NOTHING = new byte[0];

    private final int length;
    private final int flags;
    private @Nullable Room larger; // for what the call's room is too small for
    private byte[] bytes = NOTHING;

    Receiving(int length, int flags) {
        this.length = Math.min(length, LONGEST);
        this.flags = flags | OS.MSG_DONTWAIT();
    }

    /// Returns what came: no more than there was room for, where the answer says that it was longer.
    byte[] bytes() {
        return bytes;
    }

    @Override
    public long make(CallState state, int fd, MemorySegment room) {
        MemorySegment target;
        try {
            target = length <= room.byteSize() ? room.asSlice(0, length) : larger();
        } catch (Room.NoMemory e) {
            return e.answer();
        }
        long answer = SysSocket.recvfrom(state, fd, target, flags, MemorySegment.NULL, MemorySegment.NULL);
        if (answer > 0) {
            bytes = target.asSlice(0, Math.min(answer, length)).toArray(ValueLayout.JAVA_BYTE);
        }
        return answer;
    }

    @Override
    public void close() {
        if (larger != null) {
            larger.close();
        }
    }

    private MemorySegment larger() throws Room.NoMemory {
        Room room = larger;
        if (room == null) {
            room = new Room(length);
            larger = room;
        }
        return room.memory();
    }
}
