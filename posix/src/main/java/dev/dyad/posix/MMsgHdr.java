package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct mmsghdr`: one message of many, and how long it was.
public final class MMsgHdr {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MsgHdr.LAYOUT.withName("msg_hdr"), C_INT.withName("msg_len"), MemoryLayout.paddingLayout(4));

    private static final VarHandle LENGTH = LAYOUT.varHandle(PathElement.groupElement("msg_len"));

    private MMsgHdr() {}

    /// Returns the [MsgHdr] of element `index` of the array `headers`.
    public static MemorySegment header(MemorySegment headers, int index) {
        return headers.asSlice(index * LAYOUT.byteSize(), MsgHdr.LAYOUT);
    }

    /// Returns how many bytes of element `index` were sent or received.
    public static int length(MemorySegment headers, int index) {
        return (int) LENGTH.get(headers, index * LAYOUT.byteSize());
    }
}
