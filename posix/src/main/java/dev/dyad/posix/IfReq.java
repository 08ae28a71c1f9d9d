package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// `struct ifreq`, by which one asks about an interface: its name, and in a union its index or its address.
public final class IfReq {

    private static final int NAME_SIZE = 16;
    private static final int REST_OF_UNION = 20;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    MemoryLayout.sequenceLayout(NAME_SIZE, ValueLayout.JAVA_BYTE)
                            .withName("ifr_name"),
                    C_INT.withName("ifr_ifindex"),
                    MemoryLayout.paddingLayout(REST_OF_UNION))
            .withByteAlignment(Long.BYTES);

    private static final VarHandle INDEX = LAYOUT.varHandle(PathElement.groupElement("ifr_ifindex"));
    private static final long UNION = LAYOUT.byteOffset(PathElement.groupElement("ifr_ifindex"));

    private IfReq() {}

    public static void setIndex(MemorySegment request, int index) {
        INDEX.set(request, 0L, index);
    }

    /// Returns the address of an answer, as a `struct sockaddr_in` where that is its family.
    public static MemorySegment address(MemorySegment request) {
        return request.asSlice(UNION, SockAddrIn.LAYOUT.byteSize());
    }
}
