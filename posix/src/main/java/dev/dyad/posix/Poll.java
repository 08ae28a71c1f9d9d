package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;
import static dev.dyad.posix.Linking.C_LONG;
import static dev.dyad.posix.Linking.C_POINTER;
import static dev.dyad.posix.Linking.link;
import static dev.dyad.posix.Linking.mismatch;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// `<poll.h>`.
public final class Poll {

    private Poll() {}

    private static final class Ppoll {
        static final MethodHandle HANDLE = link("ppoll", C_INT, C_POINTER, C_LONG, C_POINTER, C_POINTER);
    }

    /// `ppoll(fds, nfds, timeout, NULL)`; a `NULL` timeout waits for ever.
    ///
    /// @return how many are ready, zero when the time is up, or `-errno`
    public static int ppoll(CallState state, MemorySegment fds, long count, MemorySegment timeout) {
        try {
            return state.orErrno(
                    (int) Ppoll.HANDLE.invokeExact(state.segment(), fds, count, timeout, MemorySegment.NULL));
        } catch (Throwable t) {
            throw mismatch(t);
        }
    }
}
