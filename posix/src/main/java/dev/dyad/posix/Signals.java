package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.linkPlain;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
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

    private static final class Sigaction {
        static final MethodHandle HANDLE = link("sigaction", C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `sigaction(sig, act, oldact)`, each a [SigAction] or `NULL`.
    ///
    /// @return zero, or `-errno`
    public static int sigaction(CallState state, int sig, MemorySegment act, MemorySegment oldact) {
        try {
            return state.orErrno((int) Sigaction.HANDLE.invokeExact(state.segment(), sig, act, oldact));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    private static final class PthreadSigmask {
        static final MethodHandle HANDLE = linkPlain("pthread_sigmask", C_INT, C_INT, C_POINTER, C_POINTER);
    }

    /// `pthread_sigmask(how, set, oldset)`: with `NULL` for `set` it tells what this thread does not take.
    ///
    /// @return zero, or an `errno`
    public static int pthread_sigmask(int how, MemorySegment set, MemorySegment oldset) {
        try {
            return (int) PthreadSigmask.HANDLE.invokeExact(how, set, oldset);
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }

    /// Returns a handler that does nothing: `abs(3)` takes a number, as a handler does, and touches no memory.
    public static MemorySegment handlerThatDoesNothing() {
        return Linking.address("abs");
    }
}
