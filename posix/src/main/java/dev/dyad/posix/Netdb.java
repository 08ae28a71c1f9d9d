package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.linkPlainVoid;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<netdb.h>`: these calls may ask a server, and block until it answers.
public final class Netdb {

    private Netdb() {}

    private static final class Getaddrinfo {
        static final MethodHandle HANDLE = linkPlain("getaddrinfo", C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER);
    }

    /// `getaddrinfo(node, service, hints, res)`; what is found is given back by [#freeaddrinfo].
    ///
    /// @return zero, or an `EAI_` number
    public static int getaddrinfo(MemorySegment node, MemorySegment service, MemorySegment hints, MemorySegment found) {
        try {
            return (int) Getaddrinfo.HANDLE.invokeExact(node, service, hints, found);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Freeaddrinfo {
        static final MethodHandle HANDLE = linkPlainVoid("freeaddrinfo", C_POINTER);
    }

    /// `freeaddrinfo(res)`
    public static void freeaddrinfo(MemorySegment found) {
        try {
            Freeaddrinfo.HANDLE.invokeExact(found);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class GethostbynameR {
        static final MethodHandle HANDLE =
                linkPlain("gethostbyname_r", C_INT, C_POINTER, C_POINTER, C_POINTER, C_SIZE_T, C_POINTER, C_POINTER);
    }

    /// `gethostbyname_r(name, ret, buf, buflen, result, h_errnop)`
    ///
    /// @return zero, also where there is no such host and `result` is `NULL`, or an error such as `ERANGE`,
    ///     where
    ///     `buffer` is too small
    public static int gethostbyname_r(
            MemorySegment name,
            MemorySegment hostent,
            MemorySegment buffer,
            MemorySegment result,
            MemorySegment hErrno) {
        try {
            return (int) GethostbynameR.HANDLE.invokeExact(name, hostent, buffer, buffer.byteSize(), result, hErrno);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class HErrnoLocation {
        static final MethodHandle HANDLE = linkPlain("__h_errno_location", C_POINTER);
    }

    /// `__h_errno_location()`, what `h_errno` is a name of.
    ///
    /// @return where the resolver says why the last lookup of this thread failed: one that asks nobody leaves it
    @SuppressWarnings("MemberName") // the C library's
    public static MemorySegment __h_errno_location() {
        try {
            return Linking.sized((MemorySegment) HErrnoLocation.HANDLE.invokeExact(), C_INT.byteSize());
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
