package dev.dyad.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One direction of a stream: what goes in is what comes out, or the beginning of it where it was cut off.
///
/// @param seed of the bytes
/// @param length how many go in
record HashedStream(long seed, long length) {

    private static final int LONGEST_PIECE = 1 << 16;

    /// What came out.
    ///
    /// @param failure how reading ended, unless by the end of the stream
    record Arrival(long length, String hash, @Nullable IOException failure) {}

    static HashedStream random(Random random, int longest) {
        return new HashedStream(random.nextLong(), random.nextInt(longest));
    }

    /// Sends all of it, in pieces of any length.
    ///
    /// @return why not, if it was not all
    @Nullable
    IOException send(WritableByteChannel into) {
        var bytes = new SeededBytes(seed);
        var pieces = new Random(seed);
        try {
            for (long left = length; left > 0; ) {
                ByteBuffer piece = bytes.next(1 + pieces.nextInt(LONGEST_PIECE));
                piece.limit((int) Math.min(piece.limit(), left));
                left -= piece.remaining();
                while (piece.hasRemaining()) {
                    into.write(piece);
                }
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /// Reads to the end, whatever that is.
    static Arrival receive(ReadableByteChannel from) {
        MessageDigest hash = SeededBytes.newHash();
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_PIECE);
        long length = 0;
        try {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer.clear())) {
                hash.update(buffer.flip());
                length += count;
            }
            return new Arrival(length, SeededBytes.text(hash), null);
        } catch (IOException e) {
            return new Arrival(length, SeededBytes.text(hash), e);
        }
    }

    /// @param wasCut whether somebody killed or closed the other end meanwhile: then the beginning is enough
    void require(Arrival arrived, @Nullable IOException sent, boolean wasCut) {
        if (!wasCut && (sent != null || arrived.failure != null)) {
            throw new AssertionError("a stream broke that nobody cut", sent != null ? sent : arrived.failure);
        }
        if (arrived.length > length || (!wasCut && arrived.length < length)) {
            throw new AssertionError("%d bytes went in, %d came out".formatted(length, arrived.length));
        }
        if (!arrived.hash.equals(SeededBytes.hash(seed, arrived.length))) {
            throw new AssertionError("the first %d bytes are not those that went in".formatted(arrived.length));
        }
    }
}
