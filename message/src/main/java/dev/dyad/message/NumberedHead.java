package dev.dyad.message;

import java.nio.ByteBuffer;

/// The head of a numbered message: `kind u8 · 0 u8 · 0 u16 · milliseconds left u32 · number u64`,
/// big-endian.
final class NumberedHead {

    static final int SIZE = 16;

    static final int REQUEST = 1;
    static final int PART = 2;
    static final int ANSWER = 3;
    static final int ERROR = 4;
    static final int CANCEL = 5;

    /// So many more parts are wanted as its body says, an int.
    static final int MORE = 6;

    /// How many parts a request asks for.
    static final int WINDOW = 16;

    private static final int MILLIS = 4;
    private static final int NUMBER = 8;

    private NumberedHead() {}

    static void put(ByteBuffer target, int kind, int millis, long number) {
        target.putInt(kind << 24).putInt(millis).putLong(number);
    }

    static int kind(ByteBuffer message) {
        return message.getInt(message.position()) >>> 24;
    }

    /// Returns how many milliseconds are left, or zero where there is no limit.
    static int millis(ByteBuffer message) {
        return message.getInt(message.position() + MILLIS);
    }

    static long number(ByteBuffer message) {
        return message.getLong(message.position() + NUMBER);
    }
}
