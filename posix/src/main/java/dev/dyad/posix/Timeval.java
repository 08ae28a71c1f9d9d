package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct timeval`.
public final class Timeval {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_LONG.withName("tv_sec"), C_LONG.withName("tv_usec"));

    private static final VarHandle SECONDS = LAYOUT.varHandle(PathElement.groupElement("tv_sec"));
    private static final VarHandle MICROS = LAYOUT.varHandle(PathElement.groupElement("tv_usec"));
    private static final long MICROS_PER_SECOND = 1_000_000L;

    private Timeval() {}

    /// Sets `timeval` to `micros` microseconds, zero or more.
    public static void set(MemorySegment timeval, long micros) {
        SECONDS.set(timeval, 0L, micros / MICROS_PER_SECOND);
        MICROS.set(timeval, 0L, micros % MICROS_PER_SECOND);
    }

    /// Sets the two members as they are.
    public static void set(MemorySegment timeval, long seconds, long micros) {
        SECONDS.set(timeval, 0L, seconds);
        MICROS.set(timeval, 0L, micros);
    }

    public static long seconds(MemorySegment timeval) {
        return (long) SECONDS.get(timeval, 0L);
    }

    /// The microseconds beyond [#seconds].
    public static long micros(MemorySegment timeval) {
        return (long) MICROS.get(timeval, 0L);
    }
}
