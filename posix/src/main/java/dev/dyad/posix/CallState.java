package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Room for the `errno` of one call at a time, and for whatever memory the call takes.
///
/// Not thread-safe: it belongs to the thread that makes the call.
///
/// {@snippet :
/// try (var call = CallState.open()) {
///     int answer = Fcntl.fcntl(call, fd, Platforms.current().F_GETFL(), 0);
/// }
/// }
public final class CallState implements SegmentAllocator, AutoCloseable {

    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = LAYOUT.byteOffset(PathElement.groupElement("errno"));

    private final @Nullable Arena arena; // null where there is no memory but that
    private final MemorySegment segment;

    public CallState(Arena arena) {
        this(arena, arena.allocate(LAYOUT));
    }

    private CallState(@Nullable Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    /// Begins a call of this thread, or several; [#close] frees what they have allocated.
    @SuppressWarnings("MustBeClosedChecker") // it is closed with this
    public static CallState open() {
        return new CallState(Arena.ofConfined());
    }

    /// Returns room on the heap, for calls that are linked by [Linking#linkCritical].
    public static CallState onHeap() {
        return new CallState(null, MemorySegment.ofArray(new int[(int) (LAYOUT.byteSize() / Integer.BYTES)]));
    }

    /// Returns room at the beginning of `memory`, which is aligned for anything.
    public static CallState in(MemorySegment memory) {
        return new CallState(null, memory.asSlice(0, LAYOUT));
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

    /// Allocates memory, which is zero, for as long as this is open.
    @Override
    public MemorySegment allocate(long size, long alignment) {
        if (arena == null) {
            throw new UnsupportedOperationException("room for an errno, and nothing else");
        }
        return arena.allocate(size, alignment);
    }

    /// Frees the memory, of what [#open] has returned.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }

    /// Makes a call again for as long as a signal ends it (`TEMP_FAILURE_RETRY` of the GNU C library).
    ///
    /// @return what it answers, or `-errno`, which is not `-EINTR`
    public static int retry(IntSupplier call) {
        int answer;
        do {
            answer = call.getAsInt();
        } while (answer == -Interrupted.EINTR);
        return answer;
    }

    /// Makes a call again whose answer is a `long`, as [#retry(IntSupplier)].
    public static long retry(LongSupplier call) {
        long answer;
        do {
            answer = call.getAsLong();
        } while (answer == -Interrupted.EINTR);
        return answer;
    }

    /// The number of that error, which is the system's.
    private static final class Interrupted {
        static final int EINTR = Platforms.current().errno("EINTR");

        private Interrupted() {}
    }

    /// Makes `errno` what it would be after a call that failed.
    static void set(MemorySegment state, int errno) {
        state.set(C_INT, ERRNO, errno);
    }
}
