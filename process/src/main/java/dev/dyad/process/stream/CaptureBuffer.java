package dev.dyad.process.stream;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What becomes of the bytes that a child writes to a pipe that is read all the time.
///
/// One thread at a time uses it.
public sealed interface CaptureBuffer permits TailBuffer, LimitedBuffer {

    /// Adds what `more` has left.
    ///
    /// @throws IOException if it is too much: then nobody reads any more
    void add(ByteBuffer more) throws IOException;

    /// Returns what is kept.
    byte[] bytes();
}
