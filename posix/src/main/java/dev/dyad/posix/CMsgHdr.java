package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_SIZE_T;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct cmsghdr`, and the arithmetic of `cmsg(3)`: where control messages are in the memory that holds them.
///
/// A message is known by its offset in that memory, of which [MsgHdr#controlLength] bytes count.
public final class CMsgHdr {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_SIZE_T.withName("cmsg_len"), C_INT.withName("cmsg_level"), C_INT.withName("cmsg_type"));

    private static final VarHandle LENGTH = LAYOUT.varHandle(PathElement.groupElement("cmsg_len"));
    private static final VarHandle LEVEL = LAYOUT.varHandle(PathElement.groupElement("cmsg_level"));
    private static final VarHandle TYPE = LAYOUT.varHandle(PathElement.groupElement("cmsg_type"));
    private static final long NONE = -1;

    private CMsgHdr() {}

    /// `CMSG_ALIGN(length)`
    public static long align(long length) {
        return (length + C_SIZE_T.byteSize() - 1) & -C_SIZE_T.byteSize();
    }

    /// `CMSG_SPACE(length)`: how much room a message with so much data takes.
    public static long space(long length) {
        return align(length) + dataOffset();
    }

    /// `CMSG_LEN(length)`: what `cmsg_len` says of a message with so much data.
    public static long length(long length) {
        return length + dataOffset();
    }

    /// Returns how far behind the begin of a message its data are.
    public static long dataOffset() {
        return align(LAYOUT.byteSize());
    }

    /// `CMSG_FIRSTHDR`
    ///
    /// @param controlLength how many bytes of control data there are
    /// @return the offset of the first message, or `-1` where there is none
    public static long first(long controlLength) {
        return controlLength >= LAYOUT.byteSize() ? 0 : NONE;
    }

    /// `CMSG_NXTHDR`
    ///
    /// @return the offset of the message after the one at `offset`, or `-1` where that was the last
    public static long next(MemorySegment control, long controlLength, long offset) {
        long length = (long) LENGTH.get(control, offset);
        if (length < LAYOUT.byteSize() || length > controlLength - offset) {
            return NONE;
        }
        long next = offset + align(length);
        return next <= controlLength - LAYOUT.byteSize() ? next : NONE;
    }

    /// Begins a message with room for `dataLength` bytes at `offset`.
    public static void set(MemorySegment control, long offset, int level, int type, long dataLength) {
        LENGTH.set(control, offset, length(dataLength));
        LEVEL.set(control, offset, level);
        TYPE.set(control, offset, type);
    }

    public static int level(MemorySegment control, long offset) {
        return (int) LEVEL.get(control, offset);
    }

    public static int type(MemorySegment control, long offset) {
        return (int) TYPE.get(control, offset);
    }

    /// Returns the data of the message at `offset`: what there is of them, where they were truncated.
    public static MemorySegment data(MemorySegment control, long controlLength, long offset) {
        long begin = offset + dataOffset();
        long length = Math.min((long) LENGTH.get(control, offset) - dataOffset(), controlLength - begin);
        return control.asSlice(Math.min(begin, controlLength), Math.max(length, 0));
    }
}
