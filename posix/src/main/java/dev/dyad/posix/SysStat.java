package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<sys/stat.h>`.
public final class SysStat {

    private SysStat() {}

    private static final class Fstat {
        static final MethodHandle HANDLE = link("fstat", C_INT, C_INT, C_POINTER);
    }

    /// `fstat(fd, buf)`
    ///
    /// @return zero, or `-errno`
    public static int fstat(CallState state, int fd, MemorySegment stat) {
        try {
            return state.orErrno((int) Fstat.HANDLE.invokeExact(state.segment(), fd, stat));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Lstat {
        static final MethodHandle HANDLE = link("lstat", C_INT, C_POINTER, C_POINTER);
    }

    /// `lstat(path, buf)`, of a symbolic link itself; `path` ends with a NUL byte.
    ///
    /// @return zero, or `-errno`
    public static int lstat(CallState state, MemorySegment path, MemorySegment stat) {
        try {
            return state.orErrno((int) Lstat.HANDLE.invokeExact(state.segment(), path, stat));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
