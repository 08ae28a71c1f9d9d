package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// `struct sock_filter`, one instruction of a packet filter.
public final class SockFilter {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_SHORT.withName("code"),
            ValueLayout.JAVA_BYTE.withName("jt"),
            ValueLayout.JAVA_BYTE.withName("jf"),
            C_INT.withName("k"));

    /// The parts of a code: what is done, with how much, and from where.
    public static final int BPF_LD = 0x00;

    public static final int BPF_RET = 0x06;

    public static final int BPF_W = 0x00;

    public static final int BPF_ABS = 0x20;

    public static final int BPF_A = 0x10;

    private static final VarHandle CODE = LAYOUT.varHandle(PathElement.groupElement("code"));
    private static final VarHandle K = LAYOUT.varHandle(PathElement.groupElement("k"));

    private SockFilter() {}

    /// Sets the instruction `index` of `program`.
    public static void set(MemorySegment program, int index, int code, int k) {
        long offset = index * LAYOUT.byteSize();
        CODE.set(program, offset, (short) code);
        K.set(program, offset, k);
    }
}
