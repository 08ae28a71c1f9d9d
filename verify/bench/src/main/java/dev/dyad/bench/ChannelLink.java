package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.JavaCommand;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import org.HdrHistogram.Histogram;

/// A channel that blocks, and the child at its other end.
record ChannelLink(ByteChannel channel, Closeable child) implements PeerLink {

    private static final int BATCH = 16;

    static ChannelLink ofOurs(String what) throws IOException {
        Child child = JavaCommand.of(PeerChild.class, LinkedPeer.OURS.name(), what)
                .command()
                .spawn();
        return new ChannelLink(child.socket(), child);
    }

    /// Starts a child of somebody else, and accepts its connection.
    static ChannelLink accepted(LinkedPeer who, String what) throws IOException {
        try (var folder = TemporaryFolder.make();
                ServerSocketChannel listener = Meeting.listen(who, path(folder))) {
            var child = new JvmChild(who.startChild(what, Meeting.addressOf(who, listener, path(folder))));
            try {
                child.closeWhenItEnds(listener); // so that nobody waits for one that never connects
                return new ChannelLink(Meeting.undelayed(who, listener.accept()), child);
            } catch (IOException | RuntimeException e) {
                child.close();
                throw e;
            }
        }
    }

    private static String path(TemporaryFolder folder) {
        return folder.resolve("s").toString();
    }

    @Override
    public Histogram ask(double seconds) throws IOException {
        var message = ByteBuffer.allocateDirect(RoundTrip.MESSAGE);
        var nanos = new Histogram(3);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long answered = System.nanoTime();
        do {
            long asked = answered;
            MessageSizes.writeAll(channel, message.clear());
            MessageSizes.readAll(channel, message.clear());
            answered = System.nanoTime();
            nanos.recordValue(answered - asked);
        } while (answered < end);
        return nanos;
    }

    @Override
    public double give(double seconds) throws IOException {
        var chunk = ByteBuffer.allocateDirect(CHUNK);
        long start = System.nanoTime();
        long chunks = 0;
        double passed;
        do {
            for (int i = 0; i < BATCH; i++) {
                MessageSizes.writeAll(channel, chunk.clear());
            }
            chunks += BATCH;
            passed = (System.nanoTime() - start) / 1e9;
        } while (passed < seconds);
        return chunks * (double) CHUNK / passed / 1e9;
    }

    @Override
    public void close() throws IOException {
        try (child;
                channel) {
            // The channel first: its end is the child's.
        }
    }
}
