package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// `struct hostent`.
public final class HostEnt {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_POINTER.withName("h_name"),
            C_POINTER.withName("h_aliases"),
            C_INT.withName("h_addrtype"),
            C_INT.withName("h_length"),
            C_POINTER.withName("h_addr_list"));

    private static final VarHandle LENGTH = LAYOUT.varHandle(PathElement.groupElement("h_length"));
    private static final VarHandle ADDRESSES = LAYOUT.varHandle(PathElement.groupElement("h_addr_list"));

    private HostEnt() {}

    /// Returns a copy of the first address.
    public static byte[] address(MemorySegment hostent) {
        MemorySegment list = Linking.sized((MemorySegment) ADDRESSES.get(hostent, 0L), C_POINTER.byteSize());
        return Linking.sized(list.get(C_POINTER, 0), (int) LENGTH.get(hostent, 0L))
                .toArray(ValueLayout.JAVA_BYTE);
    }
}
