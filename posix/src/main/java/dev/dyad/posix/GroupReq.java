package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct group_req`, the value of `MCAST_JOIN_GROUP` and `MCAST_LEAVE_GROUP`.
public final class GroupReq {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_INT.withName("gr_interface"), MemoryLayout.paddingLayout(4), SockAddrStorage.LAYOUT.withName("gr_group"));

    private static final VarHandle INDEX = LAYOUT.varHandle(PathElement.groupElement("gr_interface"));
    private static final long GROUP = LAYOUT.byteOffset(PathElement.groupElement("gr_group"));

    private GroupReq() {}

    public static void set(MemorySegment request, int index, MemorySegment group) {
        request.fill((byte) 0);
        INDEX.set(request, 0L, index);
        MemorySegment.copy(group, 0, request, GROUP, group.byteSize());
    }
}
