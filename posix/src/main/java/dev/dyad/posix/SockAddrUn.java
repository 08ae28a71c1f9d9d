package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// `struct sockaddr_un`, of which only as much counts as the length next to it says.
public final class SockAddrUn {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_SHORT.withName("sun_family"),
            MemoryLayout.sequenceLayout(108, ValueLayout.JAVA_BYTE).withName("sun_path"));

    private static final VarHandle FAMILY = LAYOUT.varHandle(PathElement.groupElement("sun_family"));
    private static final long PATH = LAYOUT.byteOffset(PathElement.groupElement("sun_path"));

    private SockAddrUn() {}

    /// Sets the family and the bytes of `sun_path`; the rest of `address` becomes zero.
    ///
    /// @param path at most [#capacity] bytes; one that begins with a zero byte is abstract, and none is unnamed
    /// @return how long the address is, without any NUL byte after the path
    public static int set(MemorySegment address, int family, byte[] path) {
        address.fill((byte) 0);
        FAMILY.set(address, 0L, (short) family);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, PATH, path.length);
        return (int) PATH + path.length;
    }

    public static int family(MemorySegment address) {
        return (short) FAMILY.get(address, 0L);
    }

    /// Returns the bytes of `sun_path` in an address of `length` bytes.
    ///
    /// A path in the file system comes with a NUL byte at its end, also where there was no room for it: the kernel
    /// then tells a length that is one more than the room, and nobody writes that byte.
    public static byte[] path(MemorySegment address, int length) {
        long end = Math.min(length, address.byteSize());
        return end <= PATH ? new byte[0] : address.asSlice(PATH, end - PATH).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Returns how many bytes a path may have.
    public static int capacity() {
        return (int) (LAYOUT.byteSize() - PATH);
    }
}
