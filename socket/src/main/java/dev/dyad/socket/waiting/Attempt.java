package dev.dyad.socket.waiting;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A system call that may find that it would have to wait; it is then made again.
///
/// It is made by the thread whose turn it is, which has a reference to the descriptor.
@FunctionalInterface
public interface Attempt {

    /// Makes the call, told not to wait.
    ///
    /// @return what it answers, or `-errno`; after `-EAGAIN` it is made again when that may be worth it,
    ///     after `-EINTR` at once
    long make() throws IOException;

    /// Returns whether a wait may take the place of the first try, where the call before this one had to wait
    /// as well.
    default boolean waitsFirst() {
        return false;
    }

    /// Returns where a wait may put the bytes that it has waited for, which completes this, or `null`.
    ///
    /// It has room for [BlockingWaiter#ROOM] bytes at most.
    default @Nullable ByteBuffer waitBuffer() {
        return null;
    }
}
