package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.linkVariadic;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<fcntl.h>`.
public final class Fcntl {

    private Fcntl() {}

    private static final class FcntlInt {
        static final MethodHandle HANDLE = linkVariadic("fcntl", 2, C_INT, C_INT, C_INT, C_INT);
    }

    /// `fcntl(fd, command, argument)`, for the commands that take an `int` or nothing.
    ///
    /// @return what the command answers, or `-errno`
    public static int fcntl(CallState state, int fd, int command, int argument) {
        try {
            return state.orErrno((int) FcntlInt.HANDLE.invokeExact(state.segment(), fd, command, argument));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Open {
        static final MethodHandle HANDLE = linkVariadic("open", 2, C_INT, C_POINTER, C_INT, C_INT);
    }

    /// `open(path, flags, mode)`; `path` ends with a NUL byte, and `mode` counts only where a file is created.
    ///
    /// @return a descriptor, or `-errno`
    public static int open(CallState state, MemorySegment path, int flags, int mode) {
        try {
            return state.orErrno((int) Open.HANDLE.invokeExact(state.segment(), path, flags, mode));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
