package dev.dyad.socket;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// What is written to an end, as a stream that keeps nothing back.
class EndOutput extends OutputStream {

    private final StreamSocket end;

    EndOutput(StreamSocket end) {
        this.end = end;
    }

    /// Writes all of a buffer.
    void send(StreamSocket to, ByteBuffer source) throws IOException {
        to.write(source);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        send(end, ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
        end.close();
    }
}
