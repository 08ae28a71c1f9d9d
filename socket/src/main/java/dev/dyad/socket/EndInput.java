package dev.dyad.socket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// What is read from an end, as a stream that waits as long as it takes.
class EndInput extends InputStream {

    private final StreamSocket end;

    EndInput(StreamSocket end) {
        this.end = end;
    }

    /// Reads into a buffer that has room.
    int receive(StreamSocket from, ByteBuffer target) throws IOException {
        return from.read(target);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : receive(end, ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int available() throws IOException {
        return end.unread();
    }

    @Override
    public void close() throws IOException {
        end.close();
    }
}
