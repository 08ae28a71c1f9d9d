package dev.dyad.socket.waiting;

import java.io.IOException;

/// A call that may find that it would have to wait; it is then made again.
@FunctionalInterface
public interface Attempt {

    /// What an attempt answers that would have to wait.
    long WOULD_BLOCK = -2;

    /// What a read answers at the end of the stream.
    long END = -1;

    /// @return what the call answers, or [#WOULD_BLOCK]
    long make() throws IOException;
}
