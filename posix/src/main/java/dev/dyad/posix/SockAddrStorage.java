package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// `struct sockaddr_storage`: room for an address of any family.
public final class SockAddrStorage {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    C_SHORT.withName("ss_family"), MemoryLayout.paddingLayout(126))
            .withByteAlignment(8);

    private static final VarHandle FAMILY = LAYOUT.varHandle(PathElement.groupElement("ss_family"));

    private SockAddrStorage() {}

    /// Returns the family, which is in the same place in every kind of address.
    public static int family(MemorySegment address) {
        return (short) FAMILY.get(address, 0L);
    }
}
