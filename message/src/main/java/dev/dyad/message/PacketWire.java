package dev.dyad.message;

import java.nio.ByteBuffer;

/// The wire of Erlang's ports: an unsigned number before each message.
final class PacketWire implements Wire.Prefixed {

    private static final PacketWire ONE = new PacketWire(1);
    private static final PacketWire TWO = new PacketWire(2);
    private static final PacketWire FOUR = new PacketWire(4);

    private final int bytes;
    private final long longest;

    private PacketWire(int bytes) {
        this.bytes = bytes;
        this.longest = (1L << (bytes * Byte.SIZE)) - 1;
    }

    static PacketWire of(int bytes) {
        return switch (bytes) {
            case 1 -> ONE;
            case 2 -> TWO;
            case 4 -> FOUR;
            default -> throw new IllegalArgumentException("a length of " + bytes + " bytes, not 1, 2 or 4");
        };
    }

    @Override
    public int headSize(ByteBuffer come) {
        return bytes;
    }

    @Override
    public long bodyLength(ByteBuffer head) {
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << Byte.SIZE | Byte.toUnsignedInt(head.get(head.position() + i));
        }
        return length;
    }

    @Override
    public long longestBody() {
        return longest;
    }

    @Override
    public void writeHead(long bodyLength, ByteBuffer target) {
        MessageLengths.check(bodyLength, this);
        for (int i = bytes - 1; i >= 0; i--) {
            target.put((byte) (bodyLength >> (i * Byte.SIZE)));
        }
    }

    @Override
    public String toString() {
        return "packet" + bytes;
    }
}
