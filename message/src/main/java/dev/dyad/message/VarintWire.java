package dev.dyad.message;

import java.nio.ByteBuffer;

/// The wire of protobuf's delimited messages: a varint before each.
final class VarintWire implements Wire.Prefixed {

    static final VarintWire INSTANCE = new VarintWire();

    /// How many bytes 31 bits need, and the largest that the last of these is then.
    private static final int MOST_BYTES = 5;
    private static final int MOST_IN_LAST = 0x07;

    /// The bits of a byte that are of the number. The highest one says that another byte follows.
    private static final int BITS = 7;
    private static final int MASK = 0x7f;
    private static final int MORE = 0x80;

    private VarintWire() {}

    @Override
    public int headSize(ByteBuffer come) throws WireException {
        for (int i = 0; i < come.remaining(); i++) {
            int one = Byte.toUnsignedInt(come.get(come.position() + i));
            if (i == MOST_BYTES - 1 && one > MOST_IN_LAST) {
                throw new WireException("a length of more than 5 bytes or 31 bits", i);
            }
            if (i > 0 && one == 0) {
                throw new WireException("a length of more bytes than it needs", i);
            }
            if (one < MORE) {
                return i + 1;
            }
        }
        return come.remaining() + 1;
    }

    @Override
    public long bodyLength(ByteBuffer head) {
        long length = 0;
        for (int i = 0; i < head.remaining(); i++) {
            length |= (long) (head.get(head.position() + i) & MASK) << (i * BITS);
        }
        return length;
    }

    @Override
    public long longestBody() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void writeHead(long bodyLength, ByteBuffer target) {
        MessageLengths.check(bodyLength, this);
        long left = bodyLength;
        while (left >= MORE) {
            target.put((byte) ((left & MASK) | MORE));
            left >>= BITS;
        }
        target.put((byte) left);
    }

    @Override
    public String toString() {
        return "varint";
    }
}
