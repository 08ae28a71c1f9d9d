package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// `struct addrinfo`, in the order that glibc has its members.
public final class AddrInfo {

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            C_INT.withName("ai_flags"),
            C_INT.withName("ai_family"),
            C_INT.withName("ai_socktype"),
            C_INT.withName("ai_protocol"),
            C_INT.withName("ai_addrlen"),
            MemoryLayout.paddingLayout(4),
            C_POINTER.withName("ai_addr"),
            C_POINTER.withName("ai_canonname"),
            C_POINTER.withName("ai_next"));

    private static final VarHandle FLAGS = LAYOUT.varHandle(PathElement.groupElement("ai_flags"));
    private static final VarHandle FAMILY = LAYOUT.varHandle(PathElement.groupElement("ai_family"));
    private static final VarHandle TYPE = LAYOUT.varHandle(PathElement.groupElement("ai_socktype"));
    private static final VarHandle PROTOCOL = LAYOUT.varHandle(PathElement.groupElement("ai_protocol"));
    private static final VarHandle LENGTH = LAYOUT.varHandle(PathElement.groupElement("ai_addrlen"));
    private static final VarHandle ADDRESS = LAYOUT.varHandle(PathElement.groupElement("ai_addr"));
    private static final VarHandle NAME = LAYOUT.varHandle(PathElement.groupElement("ai_canonname"));
    private static final VarHandle NEXT = LAYOUT.varHandle(PathElement.groupElement("ai_next"));

    private AddrInfo() {}

    /// Sets what is asked for; the rest of `hints` becomes zero.
    public static void set(MemorySegment hints, int flags, int family, int type, int protocol) {
        hints.fill((byte) 0);
        FLAGS.set(hints, 0L, flags);
        FAMILY.set(hints, 0L, family);
        TYPE.set(hints, 0L, type);
        PROTOCOL.set(hints, 0L, protocol);
    }

    /// Returns the list that begins where the pointer `found` says, `NULL` where it is over.
    public static MemorySegment first(MemorySegment found) {
        return sized(found.get(C_POINTER, 0));
    }

    public static MemorySegment next(MemorySegment info) {
        return sized((MemorySegment) NEXT.get(info, 0L));
    }

    public static int flags(MemorySegment info) {
        return (int) FLAGS.get(info, 0L);
    }

    public static int family(MemorySegment info) {
        return (int) FAMILY.get(info, 0L);
    }

    public static int type(MemorySegment info) {
        return (int) TYPE.get(info, 0L);
    }

    public static int protocol(MemorySegment info) {
        return (int) PROTOCOL.get(info, 0L);
    }

    public static @Nullable String canonicalName(MemorySegment info) {
        var name = (MemorySegment) NAME.get(info, 0L);
        return name.equals(MemorySegment.NULL) ? null : Linking.string(name);
    }

    /// Returns a copy of the address.
    public static byte[] address(MemorySegment info) {
        var address = (MemorySegment) ADDRESS.get(info, 0L);
        return Linking.sized(address, (int) LENGTH.get(info, 0L)).toArray(ValueLayout.JAVA_BYTE);
    }

    private static MemorySegment sized(MemorySegment info) {
        return info.equals(MemorySegment.NULL) ? info : Linking.sized(info, LAYOUT.byteSize());
    }
}
