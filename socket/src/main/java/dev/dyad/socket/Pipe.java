package dev.dyad.socket;

import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;

/// A pipe: what is written to its sink is read from its source.
///
/// It leads one way, and is what a program expects as its standard streams: unlike a socket, it can be opened
/// again by the name `/dev/stdout`. The opener closes it, or its ends one by one. Any thread may
/// use it.
///
/// {@snippet file="dev/dyad/socket/examples/PairExamplesTest.java" region="pipe"}
///
/// @param source the end that is read from
/// @param sink the end that is written to
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/pipe.html">pipe2, POSIX.1-2024</a>
public record Pipe(PipeEnd source, PipeEnd sink) implements Closeable {

    /// Makes a pipe of its ends.
    ///
    /// @param source the end that is read from
    /// @param sink the end that is written to
    public Pipe {
        Objects.requireNonNull(source);
        Objects.requireNonNull(sink);
    }

    /// Opens a pipe, both ends close-on-exec from the start.
    ///
    /// @return the pipe
    /// @throws SystemCallException if `pipe2(2)` fails, as with `EMFILE` where no descriptor is left
    /// @throws UnsupportedOperationException where there is no native access
    public static Pipe open() throws IOException {
        return PipeEnd.pipe();
    }

    /// Closes both ends; one that is closed already stays so.
    @Override
    public void close() throws IOException {
        try (sink) {
            source.close();
        }
    }
}
