package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.C_SIZE_T;
import static dev.dyad.posix.Linking.C_SSIZE_T;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.linkCritical;
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
        static final MethodHandle HANDLE = linkCritical("recv", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T, C_INT);
    }

    /// `recv(fd, buf, len, flags)` into the whole of `buffer`, which may be on the heap, as may the state.
    ///
    /// Only for what cannot wait, and not for much at once: see [Linking#linkCritical]. A call that was told
    /// not to block still waits for the socket's lock, which another process may hold that has the same socket.
    ///
    /// @return the number of bytes received, zero at the end of the stream, or `-errno`
    public static long recv(CallState state, int fd, MemorySegment buffer, int flags) {
        try {
            return state.orErrno((long) Recv.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize(), flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Recvfrom {
        static final MethodHandle HANDLE =
                link("recvfrom", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T, C_INT, C_POINTER, C_POINTER);
    }

    /// `recvfrom(fd, buf, len, flags, addr, addrlen)` into the whole of `buffer`, which may wait, as [#recv]
    /// may not.
    ///
    /// @return the number of bytes received, zero at the end of the stream, or `-errno`
    public static long recvfrom(
            CallState state, int fd, MemorySegment buffer, int flags, MemorySegment addr, MemorySegment addrlen) {
        try {
            return state.orErrno((long)
                    Recvfrom.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize(), flags, addr, addrlen));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Send {
        static final MethodHandle HANDLE = linkCritical("send", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T, C_INT);
    }

    /// `send(fd, buf, len, flags)` of the whole of `buffer`, which may be on the heap, as may the state.
    ///
    /// Only for what cannot wait, and not for much at once, as [#recv].
    ///
    /// @return the number of bytes accepted, or `-errno`
    public static long send(CallState state, int fd, MemorySegment buffer, int flags) {
        try {
            return state.orErrno((long) Send.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize(), flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Sendto {
        static final MethodHandle HANDLE =
                link("sendto", C_SSIZE_T, C_INT, C_POINTER, C_SIZE_T, C_INT, C_POINTER, C_INT);
    }

    /// `sendto(fd, buf, len, flags, addr, addrlen)` of the whole of `buffer`, which may wait, as [#send] may
    /// not.
    ///
    /// @return the number of bytes accepted, or `-errno`
    public static long sendto(
            CallState state, int fd, MemorySegment buffer, int flags, MemorySegment addr, int addrlen) {
        try {
            return state.orErrno((long)
                    Sendto.HANDLE.invokeExact(state.segment(), fd, buffer, buffer.byteSize(), flags, addr, addrlen));
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

    private static final class Setsockopt {
        static final MethodHandle HANDLE = link("setsockopt", C_INT, C_INT, C_INT, C_INT, C_POINTER, C_INT);
    }

    /// `setsockopt(fd, level, name, value, length)`
    ///
    /// @return zero, or `-errno`
    public static int setsockopt(CallState state, int fd, int level, int name, MemorySegment value, int length) {
        try {
            return state.orErrno((int) Setsockopt.HANDLE.invokeExact(state.segment(), fd, level, name, value, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Socket {
        static final MethodHandle HANDLE = link("socket", C_INT, C_INT, C_INT, C_INT);
    }

    /// `socket(domain, type, protocol)`
    ///
    /// @return a descriptor, or `-errno`
    public static int socket(CallState state, int domain, int type, int protocol) {
        try {
            return state.orErrno((int) Socket.HANDLE.invokeExact(state.segment(), domain, type, protocol));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Bind {
        static final MethodHandle HANDLE = link("bind", C_INT, C_INT, C_POINTER, C_INT);
    }

    /// `bind(fd, address, length)`
    ///
    /// @return zero, or `-errno`
    public static int bind(CallState state, int fd, MemorySegment address, int length) {
        try {
            return state.orErrno((int) Bind.HANDLE.invokeExact(state.segment(), fd, address, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Listen {
        static final MethodHandle HANDLE = link("listen", C_INT, C_INT, C_INT);
    }

    /// `listen(fd, backlog)`
    ///
    /// @return zero, or `-errno`
    public static int listen(CallState state, int fd, int backlog) {
        try {
            return state.orErrno((int) Listen.HANDLE.invokeExact(state.segment(), fd, backlog));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Accept4 {
        static final MethodHandle HANDLE = link("accept4", C_INT, C_INT, C_POINTER, C_POINTER, C_INT);
    }

    /// `accept4(fd, address, length, flags)`; `address` and `length` may be `NULL`.
    ///
    /// @return a descriptor, or `-errno`
    public static int accept4(CallState state, int fd, MemorySegment address, MemorySegment length, int flags) {
        try {
            return state.orErrno((int) Accept4.HANDLE.invokeExact(state.segment(), fd, address, length, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Connect {
        static final MethodHandle HANDLE = link("connect", C_INT, C_INT, C_POINTER, C_INT);
    }

    /// `connect(fd, address, length)`
    ///
    /// @return zero, or `-errno`
    public static int connect(CallState state, int fd, MemorySegment address, int length) {
        try {
            return state.orErrno((int) Connect.HANDLE.invokeExact(state.segment(), fd, address, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Getsockname {
        static final MethodHandle HANDLE = link("getsockname", C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `getsockname(fd, address, length)`
    ///
    /// @return zero, or `-errno`
    public static int getsockname(CallState state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return state.orErrno((int) Getsockname.HANDLE.invokeExact(state.segment(), fd, address, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Getpeername {
        static final MethodHandle HANDLE = link("getpeername", C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `getpeername(fd, address, length)`
    ///
    /// @return zero, or `-errno`
    public static int getpeername(CallState state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return state.orErrno((int) Getpeername.HANDLE.invokeExact(state.segment(), fd, address, length));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Sockatmark {
        static final MethodHandle HANDLE = link("sockatmark", C_INT, C_INT);
    }

    /// `sockatmark(fd)`
    ///
    /// @return one at the mark of out-of-band data, zero elsewhere, or `-errno`
    public static int sockatmark(CallState state, int fd) {
        try {
            return state.orErrno((int) Sockatmark.HANDLE.invokeExact(state.segment(), fd));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
