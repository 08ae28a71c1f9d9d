package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.linkVariadic;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.invoke.MethodHandle;

/// `<fcntl.h>`.
public final class Fcntl {

    private Fcntl() {}

    private static final class FcntlInt {
        static final MethodHandle HANDLE = linkVariadic("fcntl", 2, C_INT, C_INT, C_INT, C_INT);
    }

    /// `fcntl(fd, command, argument)`, for the commands that take an `int` or nothing.
    ///
    /// @return what the command answers, or `-errno`
    public static int fcntl(CallState state, int fd, int command, int argument) {
        try {
            return state.orErrno((int) FcntlInt.HANDLE.invokeExact(state.segment(), fd, command, argument));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
