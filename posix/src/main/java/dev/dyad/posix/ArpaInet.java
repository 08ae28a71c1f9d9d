package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<arpa/inet.h>`: addresses as text.
public final class ArpaInet {

    private ArpaInet() {}

    private static final class InetPton {
        static final MethodHandle HANDLE = linkPlain("inet_pton", C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `inet_pton(af, src, dst)`
    ///
    /// @return one, or zero where the text is no address of the family
    public static int inet_pton(int family, MemorySegment text, MemorySegment address) {
        try {
            return (int) InetPton.HANDLE.invokeExact(family, text, address);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class InetNtop {
        static final MethodHandle HANDLE = linkPlain("inet_ntop", C_POINTER, C_INT, C_POINTER, C_POINTER, C_INT);
    }

    /// `inet_ntop(af, src, dst, size)`
    ///
    /// @return `text`, or `NULL`
    public static MemorySegment inet_ntop(int family, MemorySegment address, MemorySegment text) {
        try {
            return (MemorySegment) InetNtop.HANDLE.invokeExact(family, address, text, (int) text.byteSize());
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
