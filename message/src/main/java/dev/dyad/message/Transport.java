package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// What carries the bytes of a channel: one end, or two pipes.
///
/// An interrupt of a thread that waits in it ends only the call of that thread.
interface Transport extends Closeable {

    /// Returns whether descriptors may come along.
    boolean takesDescriptors();

    /// Reads some bytes, waiting for at least one.
    ///
    /// @param descriptors where those go that came along
    /// @return how many, or -1 at the end
    int read(ByteBuffer target, List<Descriptor> descriptors, Deadline deadline) throws IOException;

    /// Reads what is there.
    ///
    /// @return how many bytes, zero if there is none, or -1 at the end
    int tryRead(ByteBuffer target, List<Descriptor> descriptors) throws IOException;

    /// Writes all bytes of both.
    void write(ByteBuffer head, ByteBuffer body, Deadline deadline) throws IOException;

    /// Writes as many bytes as there is room for.
    void tryWrite(ByteBuffer source) throws IOException;

    /// Writes all bytes, and with the first of them the descriptors.
    void send(ByteBuffer source, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException;

    /// Has each read, under way and to come, throw where it would wait: from a moment on. What has come is still read.
    void endWaiting(Deadline from, Supplier<? extends IOException> why);

    /// Returns whether nobody has closed the side that it writes to.
    boolean isOpen();

    /// Lets the peer find the end after the last byte.
    void shutdownOutput() throws IOException;
}
