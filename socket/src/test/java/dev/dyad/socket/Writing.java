package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Bytes are written to a stream: whatever happens, those that were accepted arrive, and no others.
final class Writing extends StreamStage {

    private static final byte[] BYTES = bytes(100);

    private final Reading.Use use;
    private final When when;
    private final ByteBuffer[] sources;
    private int before; // bytes that fill the stream

    Writing(IntFunction<ByteBuffer> allocate, When when, Reading.Use use) throws IOException {
        this.use = use;
        this.when = when;
        sources = new ByteBuffer[] {
            allocate.apply(40).put(BYTES, 0, 40).flip(),
            allocate.apply(60).put(BYTES, 40, 60).flip()
        };
        if (when != When.BEFORE) {
            fill();
        }
    }

    @Override
    void run() throws Exception {
        use.of(end, sources);
    }

    @Override
    void meanwhile(BooleanSupplier over) throws IOException {
        if (when == When.MEANWHILE) {
            awaitWaiter(end, over);
            drain();
        }
    }

    @Override
    void verify(@Nullable Throwable thrown) throws IOException {
        drain();
        var accepted = ByteBuffer.allocate(BYTES.length);
        for (ByteBuffer source : sources) {
            accepted.put(source.flip());
        }
        assertThat(ByteBuffer.wrap(read(peer, accepted.position()))).isEqualTo(accepted.flip());
        assertUsable(end, peer);
    }

    private void fill() throws IOException {
        var filling = ByteBuffer.allocate(1 << 20);
        try {
            end.write(filling, Deadline.after(Duration.ZERO));
        } catch (SocketTimeoutException full) {
            before = filling.position();
        }
        assertThat(before).isPositive();
    }

    private void drain() throws IOException {
        byte[] _ = read(peer, before);
        before = 0;
    }
}
