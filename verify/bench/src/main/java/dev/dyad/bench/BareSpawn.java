package dev.dyad.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A child by two bare calls, the second of which blocks until it has ended: nothing that spawns from a JVM can be
/// faster.
final class BareSpawn {

    private static final MethodHandle SPAWN =
            Bare.link("posix_spawn", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle WAIT = Bare.link("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private final MemorySegment state;
    private final MemorySegment pid;
    private final MemorySegment program;
    private final MemorySegment words;
    private final MemorySegment environment = environment();

    BareSpawn(Arena arena, String path) {
        state = arena.allocate(Linker.Option.captureStateLayout());
        pid = arena.allocate(JAVA_INT);
        program = arena.allocateFrom(path);
        words = arena.allocate(ADDRESS, 2); // the second one is NULL
        words.set(ADDRESS, 0, program);
    }

    /// @return how many nanoseconds one takes
    long nanos() {
        MemorySegment none = MemorySegment.NULL;
        long start = System.nanoTime();
        try {
            Bare.require((int) SPAWN.invokeExact(state, pid, program, none, none, words, environment) == 0);
            int child = pid.get(JAVA_INT, 0);
            Bare.require((int) WAIT.invokeExact(state, child, none, 0) == child);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return System.nanoTime() - start;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment environment() {
        MemorySegment variable = Linker.nativeLinker().defaultLookup().findOrThrow("environ");
        return variable.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
    }
}
