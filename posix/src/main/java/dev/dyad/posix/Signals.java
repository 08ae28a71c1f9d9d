package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.invoke.MethodHandle;

/// `<signal.h>`.
public final class Signals {

    private Signals() {}

    private static final class Kill {
        static final MethodHandle HANDLE = link("kill", C_INT, C_INT, C_INT);
    }

    /// `kill(pid, signal)`
    ///
    /// @return zero, or `-errno`
    public static int kill(CallState state, int pid, int signal) {
        try {
            return state.orErrno((int) Kill.HANDLE.invokeExact(state.segment(), pid, signal));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
