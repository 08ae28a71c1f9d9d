package dev.dyad.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// The wire of goridge, version 4, which RoadRunner's workers speak: a head of twelve bytes or more.
final class GoridgeWire implements Wire.Prefixed {

    static final GoridgeWire INSTANCE = new GoridgeWire();

    static final byte CONTROL = 0x01;
    static final byte RAW = 0x04;
    static final byte JSON = 0x08;
    static final byte ERROR = 0x40;

    static final byte STREAM = 0x01;
    static final byte STOP = 0x02;
    static final byte PING = 0x04;
    static final byte PONG = 0x08;

    /// Where in the head what is.
    static final int FLAGS = 1;

    private static final int LENGTH = 2;
    private static final int CHECKSUM = 6;
    static final int STREAM_BITS = 10;
    static final int OPTIONS = 12;

    private static final int VERSION = 1;
    private static final int NIBBLE = 4;
    private static final int LOW = 0x0f;
    private static final int MOST_OPTIONS = 10;
    private static final long LONGEST = 0xffff_ffffL;

    private GoridgeWire() {}

    @Override
    public int headSize(ByteBuffer come) throws WireException {
        int first = Byte.toUnsignedInt(come.get(come.position()));
        int words = first & LOW;
        if (first >>> NIBBLE != VERSION || words < OPTIONS / Integer.BYTES) {
            throw new WireException("not version 1 of goridge's frames", 0);
        }
        if (words > OPTIONS / Integer.BYTES + MOST_OPTIONS) {
            throw new WireException("a head with more than 10 options", 0);
        }
        if (come.remaining() >= STREAM_BITS && checksum(come) != littleEndian(come, CHECKSUM)) {
            throw new WireException("a checksum that is not of the six bytes before it", CHECKSUM);
        }
        return words * Integer.BYTES;
    }

    @Override
    public long bodyLength(ByteBuffer head) {
        return Integer.toUnsignedLong(littleEndian(head, LENGTH));
    }

    @Override
    public long longestBody() {
        return LONGEST;
    }

    @Override
    public void writeHead(long bodyLength, ByteBuffer target) {
        MessageLengths.check(bodyLength, this);
        writeHead(RAW, (byte) 0, -1, bodyLength, target);
    }

    /// Writes a head.
    ///
    /// @param context how long the context is that is the first part of the body, or -1 not to say so
    static void writeHead(byte flags, byte streamBits, int context, long bodyLength, ByteBuffer target) {
        ByteBuffer head = ByteBuffer.allocate(OPTIONS + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int size = context < 0 ? OPTIONS : OPTIONS + Integer.BYTES;
        head.put(0, (byte) (VERSION << NIBBLE | size / Integer.BYTES));
        head.put(FLAGS, flags);
        head.putInt(LENGTH, (int) bodyLength);
        head.putInt(CHECKSUM, checksum(head));
        head.put(STREAM_BITS, streamBits);
        head.putInt(OPTIONS, Math.max(context, 0));
        target.put(head.limit(size));
    }

    /// Returns whether a frame that begins so is a head without an option, and nothing more.
    static boolean isHeadOnly(byte[] head) {
        return (head[0] & LOW) == OPTIONS / Integer.BYTES && littleEndian(ByteBuffer.wrap(head), LENGTH) == 0;
    }

    private static int checksum(ByteBuffer head) {
        var crc = new CRC32();
        crc.update(head.slice(head.position(), CHECKSUM));
        return (int) crc.getValue();
    }

    static int littleEndian(ByteBuffer head, int at) {
        int number = head.getInt(head.position() + at);
        return head.order() == ByteOrder.BIG_ENDIAN ? Integer.reverseBytes(number) : number;
    }

    @Override
    public String toString() {
        return "goridge";
    }
}
