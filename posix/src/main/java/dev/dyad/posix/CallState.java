package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// Room for the `errno` of one call at a time.
///
/// Not thread-safe: it belongs to whoever makes the call.
public final class CallState {

    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = LAYOUT.byteOffset(PathElement.groupElement("errno"));

    private final MemorySegment segment;

    public CallState(Arena arena) {
        this(arena.allocate(LAYOUT));
    }

    private CallState(MemorySegment segment) {
        this.segment = segment;
    }

    /// Returns room on the heap, for calls that are linked by [Linking#linkCritical].
    public static CallState onHeap() {
        return new CallState(MemorySegment.ofArray(new int[(int) (LAYOUT.byteSize() / Integer.BYTES)]));
    }

    /// Returns room at the beginning of `memory`, which is aligned for anything.
    public static CallState in(MemorySegment memory) {
        return new CallState(memory.asSlice(0, LAYOUT));
    }

    /// Returns the memory that a linked handle takes as its first argument.
    public MemorySegment segment() {
        return segment;
    }

    /// Returns `result`, or `-errno` where it is negative.
    public long orErrno(long result) {
        return result >= 0 ? result : -segment.get(C_INT, ERRNO);
    }

    /// Returns `result`, or `-errno` where it is negative.
    public int orErrno(int result) {
        return result >= 0 ? result : -segment.get(C_INT, ERRNO);
    }

    /// Makes `errno` what it would be after a call that failed.
    static void set(MemorySegment state, int errno) {
        state.set(C_INT, ERRNO, errno);
    }
}
