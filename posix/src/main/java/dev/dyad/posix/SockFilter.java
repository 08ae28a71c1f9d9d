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

    /// `BPF_LD | BPF_W | BPF_ABS`: load the word at `k`.
    public static final int LOAD_WORD = 0x20;

    /// `BPF_RET | BPF_A`: answer what was loaded.
    public static final int ANSWER_LOADED = 0x16;

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
