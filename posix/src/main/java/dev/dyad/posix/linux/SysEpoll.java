package dev.dyad.posix.linux;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import dev.dyad.posix.CallState;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<sys/epoll.h>`.
final class SysEpoll {

    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLIN = 1;
    static final int EPOLLPRI = 2;
    static final int EPOLLOUT = 4;
    static final int EPOLLERR = 8;
    static final int EPOLLHUP = 0x10;
    static final int EPOLLONESHOT = 1 << 30;

    private SysEpoll() {}

    private static final class EpollCreate1 {
        static final MethodHandle HANDLE = link("epoll_create1", C_INT, C_INT);
    }

    /// `epoll_create1(flags)`
    ///
    /// @return a descriptor, or `-errno`
    static int epoll_create1(CallState state, int flags) {
        try {
            return state.orErrno((int) EpollCreate1.HANDLE.invokeExact(state.segment(), flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class EpollCtl {
        static final MethodHandle HANDLE = link("epoll_ctl", C_INT, C_INT, C_INT, C_INT, C_POINTER);
    }

    /// `epoll_ctl(epfd, op, fd, event)`
    ///
    /// @return zero, or `-errno`
    static int epoll_ctl(CallState state, int epfd, int op, int fd, MemorySegment event) {
        try {
            return state.orErrno((int) EpollCtl.HANDLE.invokeExact(state.segment(), epfd, op, fd, event));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class EpollWait {
        static final MethodHandle HANDLE = link("epoll_wait", C_INT, C_INT, C_POINTER, C_INT, C_INT);
    }

    /// `epoll_wait(epfd, events, maxevents, timeout)`
    ///
    /// @return how many are ready, or `-errno`
    static int epoll_wait(CallState state, int epfd, MemorySegment events, int count, int timeoutMillis) {
        try {
            return state.orErrno(
                    (int) EpollWait.HANDLE.invokeExact(state.segment(), epfd, events, count, timeoutMillis));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
