package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<sys/wait.h>`.
public final class SysWait {

    private SysWait() {}

    /// `WIFEXITED(wstatus)`
    public static boolean WIFEXITED(int wstatus) {
        return WTERMSIG(wstatus) == 0;
    }

    /// `WEXITSTATUS(wstatus)`
    public static int WEXITSTATUS(int wstatus) {
        return wstatus >> 8 & 0xff;
    }

    /// `WTERMSIG(wstatus)`
    public static int WTERMSIG(int wstatus) {
        return wstatus & 0x7f;
    }

    /// `WCOREDUMP(wstatus)`
    public static boolean WCOREDUMP(int wstatus) {
        return (wstatus & 0x80) != 0;
    }

    private static final class Waitid {
        static final MethodHandle HANDLE = link("waitid", C_INT, C_INT, C_INT, C_POINTER, C_INT);
    }

    /// `waitid(idtype, id, info, options)`
    ///
    /// @return zero, or `-errno`
    public static int waitid(CallState state, int idtype, int id, MemorySegment siginfo, int options) {
        try {
            return state.orErrno((int) Waitid.HANDLE.invokeExact(state.segment(), idtype, id, siginfo, options));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
