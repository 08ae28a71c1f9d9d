package dev.dyad.process.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The last bytes of a stream, as many as have come up to a limit: a ring that grows to its full size first.
///
/// One thread at a time uses it.
public final class TailBuffer implements CaptureBuffer {

    static final int MOST = 1 << 16;

    private static final int FIRST = 1 << 8;

    private byte[] ring = {};
    private long written;

    /// Adds what `more` has left, which is no more than [#MOST].
    @Override
    public void add(ByteBuffer more) {
        grow(written + more.remaining());
        while (more.hasRemaining()) {
            int at = (int) (written % ring.length);
            int length = Math.min(more.remaining(), ring.length - at);
            more.get(ring, at, length);
            written += length;
        }
    }

    /// Returns them; where there were more, the line that is not whole is left out if it is not the only one.
    @Override
    public byte[] bytes() {
        if (written <= ring.length) {
            return Arrays.copyOf(ring, (int) written);
        }
        int start = (int) (written % ring.length);
        byte[] bytes = Arrays.copyOf(ring, ring.length);
        System.arraycopy(ring, start, bytes, 0, ring.length - start);
        System.arraycopy(ring, 0, bytes, ring.length - start, start);
        int whole = behindFirstLine(bytes);
        return whole < bytes.length ? Arrays.copyOfRange(bytes, whole, bytes.length) : bytes;
    }

    private static int behindFirstLine(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private void grow(long wanted) {
        if (wanted > ring.length && ring.length < MOST) {
            long size = Math.max(FIRST, Long.highestOneBit(wanted - 1) << 1);
            ring = Arrays.copyOf(ring, (int) Math.min(size, MOST)); // it has not gone round yet
        }
    }
}
