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

    private static final VarHandle NAME = LAYOUT.varHandle(PathElement.groupElement("msg_name"));
    private static final VarHandle NAME_LENGTH = LAYOUT.varHandle(PathElement.groupElement("msg_namelen"));
    private static final VarHandle IOV = LAYOUT.varHandle(PathElement.groupElement("msg_iov"));
    private static final VarHandle IOV_LENGTH = LAYOUT.varHandle(PathElement.groupElement("msg_iovlen"));
    private static final VarHandle CONTROL = LAYOUT.varHandle(PathElement.groupElement("msg_control"));
    private static final VarHandle CONTROL_LENGTH = LAYOUT.varHandle(PathElement.groupElement("msg_controllen"));
    private static final VarHandle FLAGS = LAYOUT.varHandle(PathElement.groupElement("msg_flags"));

    private MsgHdr() {}

    /// Makes `header` stand for the first `count` elements of `vector`, with no name and no control data.
    public static void set(MemorySegment header, MemorySegment vector, int count) {
        header.fill((byte) 0);
        IOV.set(header, 0L, vector);
        IOV_LENGTH.set(header, 0L, (long) count);
    }

    /// Sets the address that the message goes to, or where the sender's address is to be put.
    public static void setName(MemorySegment header, MemorySegment address, int length) {
        NAME.set(header, 0L, address);
        NAME_LENGTH.set(header, 0L, length);
    }

    /// Returns how long the sender's address is, which is more than its room where it was truncated.
    public static int nameLength(MemorySegment header) {
        return (int) NAME_LENGTH.get(header, 0L);
    }

    /// Makes the first `length` bytes of `control` the control data, or the room for them.
    public static void setControl(MemorySegment header, MemorySegment control, long length) {
        CONTROL.set(header, 0L, control);
        CONTROL_LENGTH.set(header, 0L, length);
    }

    /// Returns how many bytes of control data were received.
    public static long controlLength(MemorySegment header) {
        return (long) CONTROL_LENGTH.get(header, 0L);
    }

    /// Returns what `recvmsg` says of the message.
    public static int flags(MemorySegment header) {
        return (int) FLAGS.get(header, 0L);
    }
}
