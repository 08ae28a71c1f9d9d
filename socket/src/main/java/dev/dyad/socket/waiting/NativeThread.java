package dev.dyad.socket.waiting;

import dev.dyad.posix.CallState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// What a platform thread needs to wait in the call that receives, and to be woken there.
///
/// Used by that thread, but for its number. All of it is in one piece of memory, which the thread keeps.
public final class NativeThread {

    private static final int STATE = 16; // room for the number before it, and for the errno of a call
    private static final int ROOM = 64; // behind that

    /// Its number in the system.
    final int number;

    /// Room for the `errno` of the call.
    public final CallState state;

    /// Memory for what the call receives.
    public final MemorySegment room;

    private NativeThread(MemorySegment memory) {
        number = memory.get(ValueLayout.JAVA_INT, 0);
        state = CallState.in(memory.asSlice(STATE, ROOM - STATE));
        room = memory.asSlice(ROOM);
    }

    /// Returns a thread by its memory, or `null` for no memory.
    static @Nullable NativeThread of(MemorySegment memory) {
        return memory.byteSize() == 0 ? null : new NativeThread(memory);
    }

    /// Returns memory for a thread.
    static MemorySegment memory(int number) {
        MemorySegment memory = Arena.ofAuto().allocate(ROOM + WaitBuffer.ROOM, Long.BYTES);
        memory.set(ValueLayout.JAVA_INT, 0, number);
        return memory;
    }
}
