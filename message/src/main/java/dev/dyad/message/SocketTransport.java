package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Received;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// The bytes of a channel over a stream end.
final class SocketTransport implements Transport {

    private static final int TOGETHER = 1 << 17; // what is longer goes out faster by itself

    private final StreamSocket end;
    private final int mostDescriptors; // that are taken with one read

    SocketTransport(StreamSocket end, int mostDescriptors) {
        this.end = end;
        this.mostDescriptors = mostDescriptors;
        end.keepOpenWhenInterrupted();
    }

    @Override
    public boolean takesDescriptors() {
        return mostDescriptors > 0;
    }

    @Override
    public int read(ByteBuffer target, List<Descriptor> descriptors, Deadline deadline) throws IOException {
        if (mostDescriptors == 0) {
            return end.read(target, deadline);
        }
        Received received = end.receive(target, mostDescriptors, deadline);
        descriptors.addAll(received.takeDescriptors());
        return received.length();
    }

    @Override
    public int tryRead(ByteBuffer target, List<Descriptor> descriptors) throws IOException {
        if (mostDescriptors == 0) {
            return end.tryRead(target);
        }
        Received received = end.tryReceive(target, mostDescriptors);
        if (received == null) {
            return 0;
        }
        descriptors.addAll(received.takeDescriptors());
        return received.length();
    }

    @Override
    public void write(ByteBuffer head, ByteBuffer body, Deadline deadline) throws IOException {
        if (body.hasRemaining() && body.remaining() <= TOGETHER) {
            end.write(new ByteBuffer[] {head, body}, 0, 2, deadline);
            return;
        }
        if (head.hasRemaining()) {
            end.write(head, deadline);
        }
        if (body.hasRemaining()) {
            end.write(body, deadline);
        }
    }

    @Override
    public void tryWrite(ByteBuffer source) throws IOException {
        end.tryWrite(source);
    }

    @Override
    public void send(ByteBuffer source, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        end.send(source, descriptors, deadline);
    }

    @Override
    public void endWaiting(Deadline from, Supplier<? extends IOException> why) {
        end.endWaiting(from, why);
    }

    @Override
    public boolean isOpen() {
        return end.isOpen();
    }

    @Override
    public void shutdownOutput() throws IOException {
        end.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        end.close();
    }

    @Override
    public String toString() {
        return end.toString();
    }
}
