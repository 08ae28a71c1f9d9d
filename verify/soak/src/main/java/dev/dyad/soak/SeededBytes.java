package dev.dyad.soak;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The endless bytes of a seed: both sides know them, so that only their hash need be kept.
final class SeededBytes {

    private static final int PIECE = 1 << 16;

    private final long seed;
    private long word; // the number of the next one

    SeededBytes(long seed) {
        this.seed = seed;
    }

    /// Returns a message of them.
    static ByteBuffer message(long seed, int length) {
        ByteBuffer all = new SeededBytes(seed).next(length);
        return all.limit(length);
    }

    /// Returns the hash of the first so many.
    static String hash(long seed, long length) {
        MessageDigest hash = newHash();
        var bytes = new SeededBytes(seed);
        for (long left = length; left > 0; left -= PIECE) {
            ByteBuffer piece = bytes.next(PIECE);
            hash.update(piece.limit((int) Math.min(PIECE, left)));
        }
        return text(hash);
    }

    static String text(MessageDigest hash) {
        return HexFormat.of().formatHex(hash.digest());
    }

    static MessageDigest newHash() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /// Returns the next ones: `atLeast`, made up to whole words.
    ByteBuffer next(int atLeast) {
        int words = (atLeast + Long.BYTES - 1) / Long.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < words; i++) {
            bytes.putLong(mixed(seed + word++ * 0x9e3779b97f4a7c15L));
        }
        return bytes.flip();
    }

    /// As `SplittableRandom` makes a number of its state.
    private static long mixed(long state) {
        long once = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        long twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
        return twice ^ (twice >>> 31);
    }
}
