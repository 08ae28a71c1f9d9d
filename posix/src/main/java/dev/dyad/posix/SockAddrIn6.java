package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// `struct sockaddr_in6`, whose port, flow and address are in network order, and whose scope is not.
public final class SockAddrIn6 {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_SHORT.withName("sin6_family"),
            C_SHORT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin6_port"),
            C_INT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin6_flowinfo"),
            MemoryLayout.sequenceLayout(16, ValueLayout.JAVA_BYTE).withName("sin6_addr"),
            C_INT.withName("sin6_scope_id"));

    private static final VarHandle FAMILY = LAYOUT.varHandle(PathElement.groupElement("sin6_family"));
    private static final VarHandle PORT = LAYOUT.varHandle(PathElement.groupElement("sin6_port"));
    private static final VarHandle FLOW = LAYOUT.varHandle(PathElement.groupElement("sin6_flowinfo"));
    private static final VarHandle SCOPE = LAYOUT.varHandle(PathElement.groupElement("sin6_scope_id"));
    private static final long ADDRESS = LAYOUT.byteOffset(PathElement.groupElement("sin6_addr"));
    private static final int ADDRESS_SIZE = 16;

    private SockAddrIn6() {}

    /// Sets an address, with no flow.
    ///
    /// @param host its sixteen bytes, as [java.net.InetAddress#getAddress] tells them
    /// @param scope the index of an interface, or zero
    /// @return how long the address is
    public static int set(MemorySegment address, int family, byte[] host, int port, int scope) {
        address.fill((byte) 0);
        FAMILY.set(address, 0L, (short) family);
        PORT.set(address, 0L, (short) port);
        MemorySegment.copy(host, 0, address, ValueLayout.JAVA_BYTE, ADDRESS, ADDRESS_SIZE);
        SCOPE.set(address, 0L, scope);
        return (int) LAYOUT.byteSize();
    }

    public static int family(MemorySegment address) {
        return (short) FAMILY.get(address, 0L);
    }

    public static int port(MemorySegment address) {
        return Short.toUnsignedInt((short) PORT.get(address, 0L));
    }

    public static byte[] host(MemorySegment address) {
        return address.asSlice(ADDRESS, ADDRESS_SIZE).toArray(ValueLayout.JAVA_BYTE);
    }

    public static int scope(MemorySegment address) {
        return (int) SCOPE.get(address, 0L);
    }

    public static int flow(MemorySegment address) {
        return (int) FLOW.get(address, 0L);
    }

    public static void setFlow(MemorySegment address, int flow) {
        FLOW.set(address, 0L, flow);
    }
}
