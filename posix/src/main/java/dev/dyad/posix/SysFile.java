package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.invoke.MethodHandle;

/// `<sys/file.h>`.
public final class SysFile {

    private SysFile() {}

    private static final class Flock {
        static final MethodHandle HANDLE = link("flock", C_INT, C_INT, C_INT);
    }

    /// `flock(fd, operation)`
    ///
    /// @return zero, or `-errno`
    public static int flock(CallState state, int fd, int operation) {
        try {
            return state.orErrno((int) Flock.HANDLE.invokeExact(state.segment(), fd, operation));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
