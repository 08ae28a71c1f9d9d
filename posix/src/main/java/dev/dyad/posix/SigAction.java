package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;
import static dev.dyad.posix.Linking.C_POINTER;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct sigaction`, in memory that is zero: no signal is held back, no flag is set.
public final class SigAction {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_POINTER.withName("sa_handler"),
            MemoryLayout.sequenceLayout(16, C_LONG).withName("sa_mask"),
            C_INT.withName("sa_flags"),
            MemoryLayout.paddingLayout(4),
            C_POINTER.withName("sa_restorer"));

    private static final VarHandle HANDLER = LAYOUT.varHandle(PathElement.groupElement("sa_handler"));

    private static final VarHandle FLAGS = LAYOUT.varHandle(PathElement.groupElement("sa_flags"));

    /// The handler of a signal that does what it does by default.
    public static long SIG_DFL() {
        return 0;
    }

    /// The handler of a signal that is ignored.
    public static long SIG_IGN() {
        return 1;
    }

    private SigAction() {}

    public static void setHandler(MemorySegment sigaction, MemorySegment handler) {
        HANDLER.set(sigaction, 0L, handler);
    }

    /// Returns the handler, `NULL` for the default.
    public static MemorySegment handler(MemorySegment sigaction) {
        return (MemorySegment) HANDLER.get(sigaction, 0L);
    }

    public static int flags(MemorySegment sigaction) {
        return (int) FLAGS.get(sigaction, 0L);
    }

    public static void setFlags(MemorySegment sigaction, int flags) {
        FLAGS.set(sigaction, 0L, flags);
    }
}
