package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.PipeEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// The bytes of a channel over two pipes, such as those to and from the standard streams of a child.
final class PipeTransport implements Transport {

    private final PipeEnd reading;
    private final PipeEnd writing;

    PipeTransport(PipeEnd reading, PipeEnd writing) {
        if (reading.isSink() || !writing.isSink()) {
            throw new IllegalArgumentException("a channel reads from a source and writes to a sink: first "
                    + (reading.isSink() ? "a sink" : "a source") + ", then "
                    + (writing.isSink() ? "a sink" : "a source"));
        }
        this.reading = reading;
        this.writing = writing;
        reading.keepOpenWhenInterrupted();
        writing.keepOpenWhenInterrupted();
    }

    @Override
    public boolean takesDescriptors() {
        return false;
    }

    @Override
    public int read(ByteBuffer target, List<Descriptor> descriptors, Deadline deadline) throws IOException {
        return reading.read(target, deadline);
    }

    @Override
    public int tryRead(ByteBuffer target, List<Descriptor> descriptors) throws IOException {
        return reading.tryRead(target);
    }

    @Override
    public void write(ByteBuffer head, ByteBuffer body, Deadline deadline) throws IOException {
        if (head.hasRemaining()) {
            writing.write(head, deadline);
        }
        if (body.hasRemaining()) {
            writing.write(body, deadline);
        }
    }

    @Override
    public void tryWrite(ByteBuffer source) throws IOException {
        writing.tryWrite(source);
    }

    @Override
    public void send(ByteBuffer source, Collection<? extends DescriptorSource> descriptors, Deadline deadline) {
        throw new UnsupportedOperationException("no descriptor goes through a pipe");
    }

    @Override
    public void endWaiting(Deadline from, Supplier<? extends IOException> why) {
        reading.endWaiting(from, why);
    }

    @Override
    public boolean isOpen() {
        return writing.isOpen();
    }

    @Override
    public void shutdownOutput() throws IOException {
        writing.close();
    }

    @Override
    public void close() throws IOException {
        try (reading) {
            writing.close();
        }
    }

    @Override
    public String toString() {
        return reading + " and " + writing;
    }
}
