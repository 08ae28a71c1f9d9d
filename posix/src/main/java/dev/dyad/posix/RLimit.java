package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct rlimit`, whose numbers have no sign: -1 is `RLIM_INFINITY`.
public final class RLimit {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_LONG.withName("rlim_cur"), C_LONG.withName("rlim_max"));

    private static final VarHandle CURRENT = LAYOUT.varHandle(PathElement.groupElement("rlim_cur"));
    private static final VarHandle MOST = LAYOUT.varHandle(PathElement.groupElement("rlim_max"));

    private RLimit() {}

    public static long current(MemorySegment rlimit) {
        return (long) CURRENT.get(rlimit, 0L);
    }

    public static long most(MemorySegment rlimit) {
        return (long) MOST.get(rlimit, 0L);
    }

    public static void set(MemorySegment rlimit, long current, long most) {
        CURRENT.set(rlimit, 0L, current);
        MOST.set(rlimit, 0L, most);
    }
}
