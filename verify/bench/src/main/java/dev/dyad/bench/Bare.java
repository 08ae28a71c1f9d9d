package dev.dyad.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls by nothing but a method handle: what a call from Java costs at least.
final class Bare {

    private static final int AF_UNIX = 1;
    private static final int STREAM_CLOSE_ON_EXEC = 1 | 0x80000;

    private Bare() {}

    /// Returns `send` or `recv`.
    static MethodHandle linkTransfer(String name) {
        return link(name, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    }

    /// Opens a pair.
    static int[] open(MemorySegment state) throws Throwable {
        MethodHandle socketpair = link("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
        try (var arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            require((int) socketpair.invokeExact(state, AF_UNIX, STREAM_CLOSE_ON_EXEC, 0, ends) == 0);
            return ends.toArray(JAVA_INT);
        }
    }

    /// Closes a pair.
    static void close(MemorySegment state, int left, int right) throws Throwable {
        MethodHandle close = link("close", JAVA_INT, JAVA_INT);
        require((int) close.invokeExact(state, left) == 0);
        require((int) close.invokeExact(state, right) == 0);
    }

    static void require(boolean success) {
        if (!success) {
            throw new AssertionError("a call failed");
        }
    }

    /// Returns a call whose first argument has room for its `errno`.
    @SuppressWarnings("restricted")
    static MethodHandle link(String name, MemoryLayout result, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, parameters),
                Linker.Option.captureCallState("errno"));
    }
}
