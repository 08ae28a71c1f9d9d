package dev.dyad.message;

import java.nio.ByteBuffer;

/// How the messages of a wire are put into buffers.
final class FrameLayout {

    private final Wire wire;
    private volatile boolean haveHeads;

    FrameLayout(Wire wire) {
        this.wire = wire;
    }

    /// Takes messages that begin with their heads, from an exchange that writes more there than a length.
    void takeHeads() {
        haveHeads = true;
    }

    /// Refuses a message that the wire cannot have.
    void check(ByteBuffer message) {
        switch (wire) {
            case Wire.Prefixed prefixed -> MessageLengths.check(message.remaining(), prefixed);
            case Wire.Delimited delimited -> checkNoDelimiter(message, delimited.delimiter());
        }
    }

    private void checkNoDelimiter(ByteBuffer message, byte delimiter) {
        for (int i = message.position(); i < message.limit(); i++) {
            if (message.get(i) == delimiter) {
                throw new IllegalArgumentException("a message of the wire " + wire
                        + " has no byte " + delimiter + ", which ends it, and this one has one at "
                        + (i - message.position()));
            }
        }
    }

    /// Puts a message into a buffer whole, if there is room for it, and leaves its position as it is. Where the
    /// wire refuses it, the buffer is as before.
    boolean put(ByteBuffer message, ByteBuffer target) {
        if (target.remaining() < message.remaining() + Wire.Prefixed.LONGEST_HEAD) {
            return false;
        }
        int before = target.position();
        boolean isPut = false;
        try {
            switch (wire) {
                case Wire.Prefixed prefixed -> {
                    writeHead(prefixed, message.remaining(), target);
                    copy(message, target);
                }
                case Wire.Delimited delimited -> {
                    copy(message, target);
                    target.put(delimited.delimiter());
                }
            }
            isPut = true;
            return true;
        } finally {
            if (!isPut) {
                target.position(before);
            }
        }
    }

    private void writeHead(Wire.Prefixed prefixed, long bodyLength, ByteBuffer target) {
        if (!haveHeads) {
            prefixed.writeHead(bodyLength, target);
        }
    }

    private static void copy(ByteBuffer message, ByteBuffer target) {
        int length = message.remaining();
        target.put(target.position(), message, message.position(), length);
        target.position(target.position() + length);
    }

    /// Puts what stands before a message of a length into a buffer.
    void putHead(long length, ByteBuffer target) {
        switch (wire) {
            case Wire.Prefixed prefixed -> prefixed.writeHead(length, target);
            case Wire.Delimited _ ->
                throw new UnsupportedOperationException(
                        "what is sent piece by piece has its length before it: the wire " + wire + " has none");
        }
    }

    /// Puts what stands before a message into a buffer, and returns the rest.
    ByteBuffer split(ByteBuffer message, ByteBuffer head) {
        return switch (wire) {
            case Wire.Prefixed prefixed -> {
                writeHead(prefixed, message.remaining(), head);
                yield message;
            }
            case Wire.Delimited delimited ->
                ByteBuffer.allocate(message.remaining() + 1)
                        .put(message)
                        .put(delimited.delimiter())
                        .flip();
        };
    }
}
