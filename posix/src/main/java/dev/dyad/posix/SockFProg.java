package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct sock_fprog`, a packet filter.
public final class SockFProg {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_SHORT.withName("len"), MemoryLayout.paddingLayout(6), C_POINTER.withName("filter"));

    private static final VarHandle LENGTH = LAYOUT.varHandle(PathElement.groupElement("len"));
    private static final VarHandle FILTER = LAYOUT.varHandle(PathElement.groupElement("filter"));

    private SockFProg() {}

    /// Sets the filter to the instructions of `program`, which must live as long.
    public static void set(MemorySegment filter, MemorySegment program) {
        LENGTH.set(filter, 0L, (short) (program.byteSize() / SockFilter.LAYOUT.byteSize()));
        FILTER.set(filter, 0L, program);
    }
}
