package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct linger`, the value of `SO_LINGER`.
public final class Linger {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_INT.withName("l_onoff"), C_INT.withName("l_linger"));

    private static final VarHandle ON = LAYOUT.varHandle(PathElement.groupElement("l_onoff"));
    private static final VarHandle SECONDS = LAYOUT.varHandle(PathElement.groupElement("l_linger"));

    private Linger() {}

    public static void set(MemorySegment linger, boolean on, int seconds) {
        ON.set(linger, 0L, on ? 1 : 0);
        SECONDS.set(linger, 0L, seconds);
    }

    public static boolean isOn(MemorySegment linger) {
        return (int) ON.get(linger, 0L) != 0;
    }

    public static int seconds(MemorySegment linger) {
        return (int) SECONDS.get(linger, 0L);
    }
}
