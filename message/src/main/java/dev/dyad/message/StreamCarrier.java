package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Messages in a stream of bytes, as a wire lays them out.
final class StreamCarrier implements MessageCarrier {

    private final Transport transport;
    private final Wire wire;
    private final FrameLayout layout;
    private final FrameReader reader;
    private final FrameWriter writer;
    private volatile @Nullable IOException closeFailure; // which the close of the channel tells

    StreamCarrier(Transport transport, Wire wire, Ending ending, long limit) {
        this.transport = transport;
        this.wire = wire;
        reader = new FrameReader(transport, ending, wire, limit);
        layout = new FrameLayout(wire);
        writer = new FrameWriter(transport, ending, layout, reader::withUnread);
    }

    @Override
    public void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        writer.send(message, descriptors, deadline);
    }

    @Override
    public void send(ByteBuffer message, Deadline deadline, Runnable whenBlocked) throws IOException {
        writer.send(message, deadline, whenBlocked);
    }

    @Override
    public void send(ReadableByteChannel body, long length, Deadline deadline) throws IOException {
        writer.send(body, length, deadline);
    }

    @Override
    public boolean trySend(ByteBuffer message) throws IOException {
        return writer.trySend(message);
    }

    @Override
    public @Nullable Message receive(@Nullable Deadline deadline) throws IOException {
        return reader.receive(deadline);
    }

    @Override
    public boolean hasReadAhead() {
        return reader.hasReadAhead();
    }

    @Override
    public void shutdownOutput() throws IOException {
        writer.shutdown();
    }

    @Override
    public boolean showHeads(Wire of) {
        if (!wire.equals(of)) {
            return false;
        }
        reader.keepHeads();
        layout.takeHeads();
        return true;
    }

    @Override
    public void limit(long bytes) {
        reader.limit(bytes);
    }

    @Override
    public void flushNow() {
        writer.flushNow();
    }

    @Override
    public void ended(Closed event) {
        writer.ended();
        if (Ending.isOver(event)) {
            reader.ended();
            try {
                transport.close();
            } catch (IOException e) {
                closeFailure = e;
            }
        } else if (event instanceof Closed.Broken) {
            transport.endWaiting(Deadline.after(Ending.LAST_WORD), () -> new ChannelClosedException(event));
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
        reader.closeDescriptors();
        IOException failure = closeFailure;
        if (failure != null) {
            closeFailure = null;
            throw failure;
        }
    }

    @Override
    public String toString() {
        return wire + ", " + transport;
    }
}
