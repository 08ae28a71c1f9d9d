package dev.dyad.message;

import java.nio.ByteBuffer;

/// The wire of Python's `multiprocessing.connection`, and Dyad's own.
final class FramedWire implements Wire.Prefixed {

    static final FramedWire INSTANCE = new FramedWire();

    private static final int SHORT = 4;
    private static final int LONG = 12;
    private static final int IS_LONG = -1; // in four bytes, of which each is -1

    private FramedWire() {}

    @Override
    public int headSize(ByteBuffer come) throws WireException {
        byte first = come.get(come.position());
        if (first >= 0) {
            return SHORT;
        }
        int most = Math.min(come.remaining(), SHORT);
        for (int i = 0; i < most; i++) {
            if (come.get(come.position() + i) != IS_LONG) {
                throw new WireException("a length below zero that is not -1", i);
            }
        }
        return most < SHORT ? SHORT : LONG;
    }

    @Override
    public long bodyLength(ByteBuffer head) throws WireException {
        int length = head.getInt(head.position());
        if (length != IS_LONG) {
            return length;
        }
        long longer = head.getLong(head.position() + SHORT);
        if (longer < 0) {
            throw new WireException("a length of more than 63 bits", SHORT);
        }
        return longer;
    }

    @Override
    public void writeHead(long bodyLength, ByteBuffer target) {
        MessageLengths.check(bodyLength, this);
        if (bodyLength <= Integer.MAX_VALUE) {
            target.putInt((int) bodyLength);
        } else {
            target.putInt(IS_LONG).putLong(bodyLength);
        }
    }

    @Override
    public String toString() {
        return "framed";
    }
}
