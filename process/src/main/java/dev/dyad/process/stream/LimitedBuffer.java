package dev.dyad.process.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// All that has come, up to a limit.
///
/// One thread at a time uses it.
public final class LimitedBuffer implements CaptureBuffer {

    private final int most;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    public LimitedBuffer(int most) {
        this.most = most;
    }

    @Override
    public void add(ByteBuffer more) throws IOException {
        if (more.remaining() > most - all.size()) {
            throw new IOException("more than " + most
                    + " bytes of output: allow more by maxOutput(), or read it as it comes from a pipe");
        }
        all.write(more.array(), more.arrayOffset() + more.position(), more.remaining());
    }

    @Override
    public byte[] bytes() {
        return all.toByteArray();
    }
}
