package dev.dyad.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import org.HdrHistogram.Histogram;

/// Writes messages of several sizes to an end of a pair, and reads them at the other, all on one thread: prints the
/// nanoseconds that one of each size takes where nobody disturbs it, in lines of `size=nanoseconds`. Its twin is in
/// `pair.c`.
public final class MessageSizes {

    /// In bytes; all fit into what the kernel holds for an end.
    static final List<Integer> SIZES = List.of(64, 1024, 4096, 16_384, 65_536);

    private static final int BATCH = 50;
    private static final int UNDISTURBED = 5; // percent

    private final Peer.Ends ends;

    private MessageSizes(Peer.Ends ends) {
        this.ends = ends;
    }

    /// Measures, each size for so long after half that time as a warm-up.
    ///
    /// @param arguments whose pair, and how many seconds count
    public static void main(String[] arguments) throws IOException {
        double seconds = Double.parseDouble(arguments[1]);
        try (Peer.Ends ends = PeerPairs.open(arguments[0])) {
            var sizes = new MessageSizes(ends);
            for (int size : SIZES) {
                double _ = sizes.nanos(size, seconds / 2);
            }
            for (int size : SIZES) {
                System.out.println(size + "=" + sizes.nanos(size, seconds));
            }
        } catch (MissingPeer e) {
            e.exit();
        }
    }

    private double nanos(int size, double seconds) throws IOException {
        var message = ByteBuffer.allocateDirect(size);
        var nanos = new Histogram(3);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long start;
        do {
            start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                pass(message);
            }
            nanos.recordValue(System.nanoTime() - start);
        } while (System.nanoTime() < end);
        return (double) nanos.getValueAtPercentile(UNDISTURBED) / BATCH;
    }

    private void pass(ByteBuffer message) throws IOException {
        writeAll(ends.left(), message.clear());
        readAll(ends.right(), message.clear());
    }

    static void writeAll(ByteChannel end, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int _ = end.write(bytes);
        }
    }

    static void readAll(ByteChannel end, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (end.read(bytes) < 0) {
                throw new IOException("the other end has gone");
            }
        }
    }
}
