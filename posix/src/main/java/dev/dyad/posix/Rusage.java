package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct rusage`.
public final class Rusage {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            Timeval.LAYOUT.withName("ru_utime"),
            Timeval.LAYOUT.withName("ru_stime"),
            C_LONG.withName("ru_maxrss"),
            C_LONG.withName("ru_ixrss"),
            C_LONG.withName("ru_idrss"),
            C_LONG.withName("ru_isrss"),
            C_LONG.withName("ru_minflt"),
            C_LONG.withName("ru_majflt"),
            C_LONG.withName("ru_nswap"),
            C_LONG.withName("ru_inblock"),
            C_LONG.withName("ru_oublock"),
            C_LONG.withName("ru_msgsnd"),
            C_LONG.withName("ru_msgrcv"),
            C_LONG.withName("ru_nsignals"),
            C_LONG.withName("ru_nvcsw"),
            C_LONG.withName("ru_nivcsw"));

    private static final long USER_TIME = LAYOUT.byteOffset(PathElement.groupElement("ru_utime"));
    private static final long SYSTEM_TIME = LAYOUT.byteOffset(PathElement.groupElement("ru_stime"));
    private static final VarHandle MINOR_FAULTS = LAYOUT.varHandle(PathElement.groupElement("ru_minflt"));
    private static final VarHandle MAJOR_FAULTS = LAYOUT.varHandle(PathElement.groupElement("ru_majflt"));
    private static final VarHandle VOLUNTARY = LAYOUT.varHandle(PathElement.groupElement("ru_nvcsw"));
    private static final VarHandle INVOLUNTARY = LAYOUT.varHandle(PathElement.groupElement("ru_nivcsw"));

    private Rusage() {}

    /// Returns the [Timeval] of the time in the program.
    public static MemorySegment userTime(MemorySegment rusage) {
        return rusage.asSlice(USER_TIME, Timeval.LAYOUT);
    }

    /// Returns the [Timeval] of the time in the kernel.
    public static MemorySegment systemTime(MemorySegment rusage) {
        return rusage.asSlice(SYSTEM_TIME, Timeval.LAYOUT);
    }

    public static long minorFaults(MemorySegment rusage) {
        return (long) MINOR_FAULTS.get(rusage, 0L);
    }

    public static long majorFaults(MemorySegment rusage) {
        return (long) MAJOR_FAULTS.get(rusage, 0L);
    }

    public static long voluntarySwitches(MemorySegment rusage) {
        return (long) VOLUNTARY.get(rusage, 0L);
    }

    public static long involuntarySwitches(MemorySegment rusage) {
        return (long) INVOLUNTARY.get(rusage, 0L);
    }
}
