package dev.dyad.message;

import java.nio.ByteBuffer;

/// Checks what the head of a frame says, as its wire reads it: how long it is, and how long the body.
final class FrameHead {

    private volatile long limit;

    /// @param limit the longest message, in bytes
    FrameHead(long limit) {
        this.limit = limit;
    }

    void limit(long bytes) {
        limit = bytes;
    }

    void requireWithinLimit(long length) throws WireException {
        if (length > limit) {
            throw WireException.tooLong(length, limit);
        }
    }

    /// Returns how long the head is that begins at the position of a buffer, which may be longer than what is there.
    static int size(Wire.Prefixed wire, ByteBuffer in) throws WireException {
        int from = in.position();
        int to = in.limit();
        try {
            int size = wire.headSize(in);
            if (size < 1 || size > Wire.Prefixed.LONGEST_HEAD) {
                throw new WireException("a head of " + size + " bytes", 0);
            }
            return size;
        } finally {
            in.limit(to).position(from);
        }
    }

    /// Returns how long the body is, as a head says that is there.
    long bodyLength(Wire.Prefixed wire, ByteBuffer in, int size) throws WireException {
        int from = in.position();
        int to = in.limit();
        long length;
        try {
            in.limit(from + size);
            length = wire.bodyLength(in);
        } finally {
            in.limit(to).position(from);
        }
        if (length < 0) {
            throw new WireException("a length below zero, " + length, 0);
        }
        requireWithinLimit(length);
        return length;
    }

    /// Returns whether a head is there whole; one that is there is checked.
    boolean isThere(Wire.Prefixed wire, ByteBuffer in) throws WireException {
        int size = size(wire, in);
        if (size > in.remaining()) {
            return false;
        }
        long _ = bodyLength(wire, in, size); // throws where it says what cannot be
        return true;
    }
}
