package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct timespec`.
public final class Timespec {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_LONG.withName("tv_sec"), C_LONG.withName("tv_nsec"));

    private static final VarHandle SECONDS = LAYOUT.varHandle(PathElement.groupElement("tv_sec"));
    private static final VarHandle NANOS = LAYOUT.varHandle(PathElement.groupElement("tv_nsec"));
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Timespec() {}

    /// Sets `timespec` to `nanos` nanoseconds, zero or more.
    public static void set(MemorySegment timespec, long nanos) {
        SECONDS.set(timespec, 0L, nanos / NANOS_PER_SECOND);
        NANOS.set(timespec, 0L, nanos % NANOS_PER_SECOND);
    }
}
