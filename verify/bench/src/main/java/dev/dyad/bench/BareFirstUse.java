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

/// What the first pair of a JVM costs by four bare calls: nothing that links can be faster. Prints nanoseconds.
public final class BareFirstUse {

    private static final int AF_UNIX = 1;
    private static final int STREAM_CLOSE_ON_EXEC = 1 | 0x80000;

    private BareFirstUse() {}

    /// Opens, uses and closes one pair.
    public static void main(String[] arguments) throws Throwable {
        long start = System.nanoTime();
        MethodHandle socketpair = link("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
        MethodHandle send = link("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        MethodHandle recv = link("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        MethodHandle close = link("close", JAVA_INT, JAVA_INT);
        try (var arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            MemorySegment bytes = arena.allocate(64);
            int opened = (int) socketpair.invokeExact(state, AF_UNIX, STREAM_CLOSE_ON_EXEC, 0, ends);
            int left = ends.getAtIndex(JAVA_INT, 0);
            int right = ends.getAtIndex(JAVA_INT, 1);
            long sent = (long) send.invokeExact(state, left, bytes, 64L, 0);
            long received = (long) recv.invokeExact(state, right, bytes, 64L, 0);
            int closed = (int) close.invokeExact(state, left) + (int) close.invokeExact(state, right);
            if (opened != 0 || sent != 64 || received != 64 || closed != 0) {
                throw new AssertionError("a call failed");
            }
        }
        System.out.println(System.nanoTime() - start);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, MemoryLayout result, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, parameters),
                Linker.Option.captureCallState("errno"));
    }
}
