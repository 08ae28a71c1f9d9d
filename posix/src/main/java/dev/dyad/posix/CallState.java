package dev.dyad.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// Room for the `errno` of one call at a time.
///
/// Not thread-safe: it belongs to whoever makes the call.
public final class CallState {

    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = LAYOUT.varHandle(PathElement.groupElement("errno"));

    private final MemorySegment segment;

    public CallState(Arena arena) {
        segment = arena.allocate(LAYOUT);
    }

    /// Returns the memory that a linked handle takes as its first argument.
    public MemorySegment segment() {
        return segment;
    }

    /// Returns `result`, or `-errno` where it is negative.
    public long orErrno(long result) {
        return result >= 0 ? result : -(int) ERRNO.get(segment, 0L);
    }

    /// Returns `result`, or `-errno` where it is negative.
    public int orErrno(int result) {
        return result >= 0 ? result : -(int) ERRNO.get(segment, 0L);
    }
}
