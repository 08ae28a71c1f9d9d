package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;
import static dev.dyad.posix.Linking.C_SSIZE_T;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<sys/socket.h>`.
public final class SysSocket {

    private SysSocket() {}

    private static final class Socketpair {
        static final MethodHandle HANDLE = link("socketpair", C_INT, C_INT, C_INT, C_INT, C_POINTER);
    }

    /// `socketpair(domain, type, protocol, sv)`
    ///
    /// @return zero, with two descriptors in `sv`, or `-errno`
    public static int socketpair(CallState state, int domain, int type, int protocol, MemorySegment sv) {
        try {
            return state.orErrno((int) Socketpair.HANDLE.invokeExact(state.segment(), domain, type, protocol, sv));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Recv {
        static final MethodHandle HANDLE = link("recv", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T, C_INT);
    }

    /// `recv(fd, buf, len, flags)` into the whole of `buffer`.
    ///
    /// @return the number of bytes received, zero at the end of the stream, or `-errno`
    public static long recv(CallState state, int fd, MemorySegment buffer, int flags) {
        try {
            return state.orErrno((long) Recv.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize(), flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Send {
        static final MethodHandle HANDLE = link("send", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T, C_INT);
    }

    /// `send(fd, buf, len, flags)` of the whole of `buffer`.
    ///
    /// @return the number of bytes accepted, or `-errno`
    public static long send(CallState state, int fd, MemorySegment buffer, int flags) {
        try {
            return state.orErrno((long) Send.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize(), flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Recvmsg {
        static final MethodHandle HANDLE = link("recvmsg", C_SSIZE_T, C_INT, C_POINTER, C_INT);
    }

    /// `recvmsg(fd, msg, flags)`
    ///
    /// @return the number of bytes received, zero at the end of the stream, or `-errno`
    public static long recvmsg(CallState state, int fd, MemorySegment msghdr, int flags) {
        try {
            return state.orErrno((long) Recvmsg.HANDLE.invokeExact(state.segment(), fd, msghdr, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Sendmsg {
        static final MethodHandle HANDLE = link("sendmsg", C_SSIZE_T, C_INT, C_POINTER, C_INT);
    }

    /// `sendmsg(fd, msg, flags)`
    ///
    /// @return the number of bytes accepted, or `-errno`
    public static long sendmsg(CallState state, int fd, MemorySegment msghdr, int flags) {
        try {
            return state.orErrno((long) Sendmsg.HANDLE.invokeExact(state.segment(), fd, msghdr, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Shutdown {
        static final MethodHandle HANDLE = link("shutdown", C_INT, C_INT, C_INT);
    }

    /// `shutdown(fd, how)`
    ///
    /// @return zero, or `-errno`
    public static int shutdown(CallState state, int fd, int how) {
        try {
            return state.orErrno((int) Shutdown.HANDLE.invokeExact(state.segment(), fd, how));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Getsockopt {
        static final MethodHandle HANDLE = link("getsockopt", C_INT, C_INT, C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `getsockopt(fd, level, name, value, length)`
    ///
    /// @return zero, or `-errno`
    public static int getsockopt(
            CallState state, int fd, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            return state.orErrno((int) Getsockopt.HANDLE.invokeExact(state.segment(), fd, level, name, value, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
