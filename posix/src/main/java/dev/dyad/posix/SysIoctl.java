package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.linkVariadic;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<sys/ioctl.h>`.
public final class SysIoctl {

    private SysIoctl() {}

    private static final class Ioctl {
        static final MethodHandle HANDLE = linkVariadic("ioctl", 2, C_INT, C_INT, C_LONG, C_POINTER);
    }

    /// `ioctl(fd, request, argument)`, for the requests that take a pointer.
    ///
    /// @return what the request answers, or `-errno`
    public static int ioctl(CallState state, int fd, long request, MemorySegment argument) {
        try {
            return state.orErrno((int) Ioctl.HANDLE.invokeExact(state.segment(), fd, request, argument));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
