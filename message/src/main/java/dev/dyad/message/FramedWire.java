package dev.dyad.message;

import java.nio.ByteBuffer;

/// The wire of Python's `multiprocessing.connection`, and Dyad's own.
final class FramedWire implements Wire.Prefixed {

    static final FramedWire INSTANCE = new FramedWire();

    private static final int SHORT = 4;
    private static final int LONG = 12;
    private static final int IS_LONG = -1;

    private FramedWire() {}

    @Override
    public int headSize(ByteBuffer come) throws WireException {
        if (come.remaining() < SHORT) {
            return SHORT;
        }
        int length = come.getInt(come.position());
        if (length < IS_LONG) {
            throw new WireException("a length below zero, " + length, 0);
        }
        return length == IS_LONG ? LONG : SHORT;
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
