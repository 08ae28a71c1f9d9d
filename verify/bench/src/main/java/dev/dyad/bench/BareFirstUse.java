package dev.dyad.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/// What the first pair of a JVM costs by four bare calls: nothing that links can be faster. Prints nanoseconds.
public final class BareFirstUse {

    private static final long MESSAGE = 64;

    private BareFirstUse() {}

    /// Opens, uses and closes one pair.
    public static void main(String[] arguments) throws Throwable {
        long start = System.nanoTime();
        try (var arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment bytes = arena.allocate(MESSAGE);
            int[] ends = Bare.open(state);
            long sent = (long) Bare.linkTransfer("send").invokeExact(state, ends[0], bytes, MESSAGE, 0);
            long received = (long) Bare.linkTransfer("recv").invokeExact(state, ends[1], bytes, MESSAGE, 0);
            Bare.require(sent == MESSAGE && received == MESSAGE);
            Bare.close(state, ends[0], ends[1]);
        }
        System.out.println(System.nanoTime() - start);
    }
}
