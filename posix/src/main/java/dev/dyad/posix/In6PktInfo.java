package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// `struct in6_pktinfo`, the value of `IPV6_PKTINFO`.
public final class In6PktInfo {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(16, ValueLayout.JAVA_BYTE).withName("ipi6_addr"),
            C_INT.withName("ipi6_ifindex"));

    private static final VarHandle INDEX = LAYOUT.varHandle(PathElement.groupElement("ipi6_ifindex"));
    private static final int ADDRESS_SIZE = 16;

    private In6PktInfo() {}

    /// Sets address and interface.
    ///
    /// @param host its sixteen bytes
    public static void set(MemorySegment info, byte[] host, int index) {
        MemorySegment.copy(host, 0, info, ValueLayout.JAVA_BYTE, 0, ADDRESS_SIZE);
        INDEX.set(info, 0L, index);
    }

    public static byte[] host(MemorySegment info) {
        return info.asSlice(0, ADDRESS_SIZE).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Unsigned.
    public static int index(MemorySegment info) {
        return (int) INDEX.get(info, 0L);
    }
}
