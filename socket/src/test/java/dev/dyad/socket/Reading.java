package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Bytes are read from a stream: whatever happens, none of them is lost.
final class Reading extends StreamStage {

    private static final byte[] BYTES = bytes(100);

    private final Use use;
    private final When when;
    private final ByteBuffer[] targets;
    private boolean written;

    /// What is done with one end and two buffers.
    interface Use {
        void of(StreamSocket end, ByteBuffer[] buffers) throws Exception;
    }

    Reading(IntFunction<ByteBuffer> allocate, When when, Use use) throws IOException {
        this.use = use;
        this.when = when;
        targets = new ByteBuffer[] {allocate.apply(40), allocate.apply(40)};
        if (when == When.BEFORE) {
            write();
        }
    }

    @Override
    void run() throws Exception {
        use.of(end, targets);
    }

    @Override
    void meanwhile(BooleanSupplier over) throws IOException {
        if (when == When.MEANWHILE) {
            awaitWaiter(end, over);
            write();
        }
    }

    @Override
    void verify(@Nullable Throwable thrown) throws IOException {
        if (!written) {
            write();
        }
        var all = ByteBuffer.allocate(BYTES.length);
        for (ByteBuffer target : targets) {
            all.put(target.flip());
        }
        assertThat(all.put(read(end, all.remaining())).array()).isEqualTo(BYTES);
        assertUsable(end, peer);
    }

    private void write() throws IOException {
        peer.write(ByteBuffer.wrap(BYTES), soon());
        written = true;
    }
}
