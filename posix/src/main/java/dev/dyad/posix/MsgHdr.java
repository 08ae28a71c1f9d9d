package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct msghdr`, as glibc has it: `msg_iovlen` and `msg_controllen` are `size_t`, where POSIX says `int`.
public final class MsgHdr {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_POINTER.withName("msg_name"),
            C_INT.withName("msg_namelen"),
            MemoryLayout.paddingLayout(4),
            C_POINTER.withName("msg_iov"),
            C_SIZE_T.withName("msg_iovlen"),
            C_POINTER.withName("msg_control"),
            C_SIZE_T.withName("msg_controllen"),
            C_INT.withName("msg_flags"),
            MemoryLayout.paddingLayout(4));

    private static final VarHandle IOV = LAYOUT.varHandle(PathElement.groupElement("msg_iov"));
    private static final VarHandle IOV_LENGTH = LAYOUT.varHandle(PathElement.groupElement("msg_iovlen"));

    private MsgHdr() {}

    /// Makes `header` stand for the first `count` elements of `vector`, with no name and no control data.
    public static void set(MemorySegment header, MemorySegment vector, int count) {
        header.fill((byte) 0);
        IOV.set(header, 0L, vector);
        IOV_LENGTH.set(header, 0L, (long) count);
    }
}
