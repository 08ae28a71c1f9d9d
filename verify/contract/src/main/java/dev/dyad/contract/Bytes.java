package dev.dyad.contract;

import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Bytes to send, and all the ways to send and receive them.
public final class Bytes {

    private static final int LARGEST_PIECE = 100_000;

    private Bytes() {}

    /// Returns `length` random bytes.
    public static byte[] random(RandomGenerator random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Returns a buffer that holds a copy of some bytes, outside of the heap or in it.
    public static ByteBuffer buffer(byte[] bytes, boolean direct) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length);
        return buffer.put(bytes).flip();
    }

    /// Writes everything in pieces of random sizes, single or gathered, and ends the stream.
    ///
    /// @return how many bytes the end says it took
    public static long writeInPieces(StreamSocket end, byte[] bytes, RandomGenerator random) throws IOException {
        long written = 0;
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, random.nextInt(LARGEST_PIECE));
            ByteBuffer piece = buffer(Arrays.copyOfRange(bytes, at, at + length), random.nextBoolean());
            written += random.nextBoolean() ? end.write(piece) : end.write(split(piece, random));
            at += length;
        }
        end.shutdownOutput();
        return written;
    }

    /// Reads up to the end of the stream, in pieces of random sizes, single or scattered.
    public static byte[] readToEnd(ScatteringByteChannel end, RandomGenerator random) throws IOException {
        var bytes = new ByteArrayOutputStream();
        while (true) {
            ByteBuffer room = buffer(new byte[1 + random.nextInt(LARGEST_PIECE)], random.nextBoolean());
            long read = random.nextBoolean() ? end.read(room) : end.read(split(room, random));
            if (read < 0) {
                return bytes.toByteArray();
            }
            room.flip();
            var piece = new byte[(int) read];
            room.rewind().limit(piece.length).get(piece);
            bytes.writeBytes(piece);
        }
    }

    /// Reads up to the end of the stream.
    public static byte[] readToEnd(ScatteringByteChannel end) throws IOException {
        return readToEnd(end, new Random(1));
    }

    /// Reads until `length` bytes have come.
    public static byte[] read(ReadableByteChannel end, int length) throws IOException {
        var room = ByteBuffer.allocate(length);
        while (room.hasRemaining()) {
            if (end.read(room) < 0) {
                throw new IOException("the stream ended after " + room.position() + " bytes of " + length);
            }
        }
        return room.array();
    }

    /// Returns slices of `whole`, some of them empty, that together are all of it.
    static ByteBuffer[] split(ByteBuffer whole, RandomGenerator random) {
        int count = 1 + random.nextInt(5);
        var parts = new ByteBuffer[count];
        int at = whole.position();
        for (int i = 0; i < count; i++) {
            int length = i == count - 1 ? whole.limit() - at : random.nextInt(whole.limit() - at + 1);
            parts[i] = whole.slice(at, length);
            at += length;
        }
        return parts;
    }
}
