package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// `struct sockaddr_in`, whose port and address are in network order.
public final class SockAddrIn {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    C_SHORT.withName("sin_family"),
                    C_SHORT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin_port"),
                    MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_BYTE).withName("sin_addr"),
                    MemoryLayout.paddingLayout(8))
            .withByteAlignment(4);

    private static final VarHandle FAMILY = LAYOUT.varHandle(PathElement.groupElement("sin_family"));
    private static final VarHandle PORT = LAYOUT.varHandle(PathElement.groupElement("sin_port"));
    private static final long ADDRESS = LAYOUT.byteOffset(PathElement.groupElement("sin_addr"));
    private static final int ADDRESS_SIZE = 4;

    private SockAddrIn() {}

    /// Sets an address.
    ///
    /// @param host its four bytes, as [java.net.InetAddress#getAddress] tells them
    /// @return how long the address is
    public static int set(MemorySegment address, int family, byte[] host, int port) {
        address.fill((byte) 0);
        FAMILY.set(address, 0L, (short) family);
        PORT.set(address, 0L, (short) port);
        MemorySegment.copy(host, 0, address, ValueLayout.JAVA_BYTE, ADDRESS, ADDRESS_SIZE);
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
}
