package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;
import static dev.dyad.posix.Linking.C_SSIZE_T;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<unistd.h>`.
public final class Unistd {

    private Unistd() {}

    private static final class Environ {
        static final MemorySegment VARIABLE = Linking.address("environ");
    }

    /// `environ`, the environment of this process: pointers to strings of the form `NAME=value`, without the
    /// `NULL` that ends them.
    public static MemorySegment environ() {
        return Linking.pointers(Environ.VARIABLE);
    }

    private static final class Close {
        static final MethodHandle HANDLE = link("close", C_INT, C_INT);
    }

    /// `close(fd)`: the number is free afterwards, whatever the answer.
    ///
    /// @return zero, or `-errno`
    public static int close(CallState state, int fd) {
        try {
            return state.orErrno((int) Close.HANDLE.invokeExact(state.segment(), fd));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Getpgid {
        static final MethodHandle HANDLE = link("getpgid", C_INT, C_INT);
    }

    /// `getpgid(pid)`; zero is this process.
    ///
    /// @return the number of its process group, or `-errno`
    public static int getpgid(CallState state, int pid) {
        try {
            return state.orErrno((int) Getpgid.HANDLE.invokeExact(state.segment(), pid));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Dup3 {
        static final MethodHandle HANDLE = link("dup3", C_INT, C_INT, C_INT, C_INT);
    }

    /// `dup3(from, to, flags)`: what `to` was before is closed by the same step.
    ///
    /// @return `to`, or `-errno`
    public static int dup3(CallState state, int from, int to, int flags) {
        try {
            return state.orErrno((int) Dup3.HANDLE.invokeExact(state.segment(), from, to, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Pipe2 {
        static final MethodHandle HANDLE = link("pipe2", C_INT, C_POINTER, C_INT);
    }

    /// `pipe2(fds, flags)`: what is written to the second of `fds` is read from the first.
    ///
    /// @return zero, or `-errno`
    public static int pipe2(CallState state, MemorySegment fds, int flags) {
        try {
            return state.orErrno((int) Pipe2.HANDLE.invokeExact(state.segment(), fds, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Read {
        static final MethodHandle HANDLE = link("read", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T);
    }

    /// `read(fd, buf, count)` into the whole of `buffer`.
    ///
    /// @return the number of bytes read, zero at the end, or `-errno`
    public static long read(CallState state, int fd, MemorySegment buffer) {
        try {
            return state.orErrno((long) Read.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize()));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Write {
        static final MethodHandle HANDLE = link("write", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T);
    }

    /// `write(fd, buf, count)` of the whole of `buffer`.
    ///
    /// @return the number of bytes written, or `-errno`
    public static long write(CallState state, int fd, MemorySegment buffer) {
        try {
            return state.orErrno((long) Write.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize()));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Ftruncate {
        static final MethodHandle HANDLE = link("ftruncate", C_INT, C_INT, C_LONG);
    }

    /// `ftruncate(fd, length)`
    ///
    /// @return zero, or `-errno`
    public static int ftruncate(CallState state, int fd, long length) {
        try {
            return state.orErrno((int) Ftruncate.HANDLE.invokeExact(state.segment(), fd, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Unlink {
        static final MethodHandle HANDLE = link("unlink", C_INT, C_POINTER);
    }

    /// `unlink(path)`; `path` ends with a NUL byte.
    ///
    /// @return zero, or `-errno`
    public static int unlink(CallState state, MemorySegment path) {
        try {
            return state.orErrno((int) Unlink.HANDLE.invokeExact(state.segment(), path));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Exit {
        static final MethodHandle HANDLE = linkPlain("_exit", C_INT, C_INT);
    }

    /// `_exit(status)`, which does not return: no shutdown hook runs, and no buffer is flushed.
    public static void _exit(int status) {
        try {
            int _ = (int) Exit.HANDLE.invokeExact(status);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
