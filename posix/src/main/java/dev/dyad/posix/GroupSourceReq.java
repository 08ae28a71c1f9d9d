package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct group_source_req`, the value of the `MCAST_` options that name a source.
public final class GroupSourceReq {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_INT.withName("gsr_interface"),
            MemoryLayout.paddingLayout(4),
            SockAddrStorage.LAYOUT.withName("gsr_group"),
            SockAddrStorage.LAYOUT.withName("gsr_source"));

    private static final VarHandle INDEX = LAYOUT.varHandle(PathElement.groupElement("gsr_interface"));
    private static final long GROUP = LAYOUT.byteOffset(PathElement.groupElement("gsr_group"));
    private static final long SOURCE = LAYOUT.byteOffset(PathElement.groupElement("gsr_source"));

    private GroupSourceReq() {}

    public static void set(MemorySegment request, int index, MemorySegment group, MemorySegment source) {
        request.fill((byte) 0);
        INDEX.set(request, 0L, index);
        MemorySegment.copy(group, 0, request, GROUP, group.byteSize());
        MemorySegment.copy(source, 0, request, SOURCE, source.byteSize());
    }
}
