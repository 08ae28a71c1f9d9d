package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct iovec`.
public final class IoVec {

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(C_POINTER.withName("iov_base"), C_SIZE_T.withName("iov_len"));

    private static final VarHandle BASE = LAYOUT.varHandle(PathElement.groupElement("iov_base"));
    private static final VarHandle LENGTH = LAYOUT.varHandle(PathElement.groupElement("iov_len"));

    private IoVec() {}

    /// Makes element `index` of the array `vector` stand for `memory`.
    public static void set(MemorySegment vector, int index, MemorySegment memory) {
        long offset = index * LAYOUT.byteSize();
        BASE.set(vector, offset, memory);
        LENGTH.set(vector, offset, memory.byteSize());
    }

    /// Returns how many bytes element `index` of the array `vector` stands for.
    public static long length(MemorySegment vector, int index) {
        return (long) LENGTH.get(vector, index * LAYOUT.byteSize());
    }
}
