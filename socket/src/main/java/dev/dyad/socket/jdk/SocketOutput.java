package dev.dyad.socket.jdk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// What is written to an end, as a stream that keeps nothing back.
public abstract class SocketOutput extends OutputStream {

    /// Writes all of a buffer.
    protected abstract void send(ByteBuffer source) throws IOException;

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        send(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public abstract void close() throws IOException;
}
