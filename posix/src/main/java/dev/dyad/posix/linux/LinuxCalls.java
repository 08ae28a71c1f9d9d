package dev.dyad.posix.linux;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.linkVariadic;
import static dev.dyad.posix.Linking.mismatch;
import static dev.dyad.posix.Linking.string;

import dev.dyad.posix.CallState;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Calls of Linux and of glibc that POSIX does not have.
///
/// Those of processes go through `syscall(2)`, since the C library got its own `pidfd_open` only with glibc 2.36; their
/// numbers are the same on every processor.
final class LinuxCalls {

    static final int EFD_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = 0x800;
    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final long NR_PIDFD_SEND_SIGNAL = 424;
    static final long NR_PIDFD_OPEN = 434;

    private LinuxCalls() {}

    private static final class Eventfd {
        static final MethodHandle HANDLE = link("eventfd", C_INT, C_INT, C_INT);
    }

    /// `eventfd(initval, flags)`
    ///
    /// @return a descriptor, or `-errno`
    static int eventfd(CallState state, int initial, int flags) {
        try {
            return state.orErrno((int) Eventfd.HANDLE.invokeExact(state.segment(), initial, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Sendmmsg {
        static final MethodHandle HANDLE = link("sendmmsg", C_INT, C_INT, C_POINTER, C_INT, C_INT);
    }

    /// `sendmmsg(fd, msgvec, vlen, flags)`
    ///
    /// @return how many messages were sent, or `-errno`
    static int sendmmsg(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        try {
            return state.orErrno((int) Sendmmsg.HANDLE.invokeExact(state.segment(), fd, mmsghdrs, count, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Recvmmsg {
        static final MethodHandle HANDLE = link("recvmmsg", C_INT, C_INT, C_POINTER, C_INT, C_INT, C_POINTER);
    }

    /// `recvmmsg(fd, msgvec, vlen, flags, NULL)`
    ///
    /// @return how many messages were received, or `-errno`
    static int recvmmsg(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags) {
        try {
            return state.orErrno(
                    (int) Recvmmsg.HANDLE.invokeExact(state.segment(), fd, mmsghdrs, count, flags, MemorySegment.NULL));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class MemfdCreate {
        static final MethodHandle HANDLE = link("memfd_create", C_INT, C_POINTER, C_INT);
    }

    /// `memfd_create(name, flags)`
    ///
    /// @return a descriptor, or `-errno`
    static int memfd_create(CallState state, MemorySegment name, int flags) {
        try {
            return state.orErrno((int) MemfdCreate.HANDLE.invokeExact(state.segment(), name, flags));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Prlimit {
        static final MethodHandle HANDLE = link("prlimit", C_INT, C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `prlimit(pid, resource, new_limit, old_limit)`
    ///
    /// @return zero, or `-errno`
    static int prlimit(CallState state, int pid, int resource, MemorySegment wanted, MemorySegment before) {
        try {
            return state.orErrno((int) Prlimit.HANDLE.invokeExact(state.segment(), pid, resource, wanted, before));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Syscall {
        static final MethodHandle HANDLE = linkVariadic("syscall", 1, C_LONG, C_LONG, C_LONG, C_LONG, C_LONG, C_LONG);
    }

    /// `syscall(number, …)` with four arguments, of which a call may use fewer.
    ///
    /// @return what the call answers, or `-errno`
    static int syscall(CallState state, long number, long a, long b, long c, long d) {
        try {
            return (int) state.orErrno((long) Syscall.HANDLE.invokeExact(state.segment(), number, a, b, c, d));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class GnuGetLibcVersion {
        static final MethodHandle HANDLE = linkPlain("gnu_get_libc_version", C_POINTER);
    }

    /// `gnu_get_libc_version()`
    static String gnu_get_libc_version() {
        try {
            return string((MemorySegment) GnuGetLibcVersion.HANDLE.invokeExact());
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Tgkill {
        static final MethodHandle HANDLE = link("tgkill", C_INT, C_INT, C_INT, C_INT);
    }

    /// `tgkill(tgid, tid, sig)`: to one thread.
    ///
    /// @return zero, or `-errno`
    static int tgkill(CallState state, int tgid, int tid, int sig) {
        try {
            return state.orErrno((int) Tgkill.HANDLE.invokeExact(state.segment(), tgid, tid, sig));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Wait4 {
        static final MethodHandle HANDLE = link("wait4", C_INT, C_INT, C_POINTER, C_INT, C_POINTER);
    }

    /// `wait4(pid, wstatus, options, rusage)`
    ///
    /// @return the pid, zero where `WNOHANG` found nothing to report, or `-errno`
    static int wait4(CallState state, int pid, MemorySegment wstatus, int options, MemorySegment rusage) {
        try {
            return state.orErrno((int) Wait4.HANDLE.invokeExact(state.segment(), pid, wstatus, options, rusage));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class FileActionsAddclosefromNp {
        static final MethodHandle HANDLE =
                linkPlain("posix_spawn_file_actions_addclosefrom_np", C_INT, C_POINTER, C_INT);
    }

    /// `posix_spawn_file_actions_addclosefrom_np(actions, from)`
    ///
    /// @return zero, or `-errno`
    static int posix_spawn_file_actions_addclosefrom_np(MemorySegment actions, int from) {
        try {
            return -(int) FileActionsAddclosefromNp.HANDLE.invokeExact(actions, from);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class Gettid {
        static final MethodHandle HANDLE = linkPlain("gettid", C_INT);
    }

    /// `gettid()`
    ///
    /// @return the number of this thread
    static int gettid() {
        try {
            return (int) Gettid.HANDLE.invokeExact();
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
