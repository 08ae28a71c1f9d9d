package dev.dyad.socket.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// What is read from an end, as a stream.
public abstract class SocketInput extends InputStream {

    /// Reads into a buffer that has room.
    ///
    /// @return how many bytes, or -1 at the end of the stream
    protected abstract int receive(ByteBuffer target) throws IOException;

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : receive(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public abstract int available() throws IOException;

    @Override
    public abstract void close() throws IOException;
}
