package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A message is sent: whatever happens, it arrives whole, with its descriptors, or not at all.
final class Sending extends MessageStage {

    private static final byte[] MESSAGE = bytes(100);

    private final When when;
    private final Use use;
    private final Descriptor passed = Descriptor.memory("walk");
    private final ByteBuffer message = ByteBuffer.wrap(MESSAGE);
    private final int descriptors;
    private int before; // messages that fill the peer

    /// What is done with one end, a message, and what goes with it.
    interface Use {
        void of(MessageSocket end, ByteBuffer message, List<Descriptor> descriptors) throws Exception;
    }

    Sending(Kind kind, int descriptors, When when, Use use) throws IOException {
        super(kind);
        this.descriptors = descriptors;
        this.when = when;
        this.use = use;
        if (when != When.BEFORE) {
            fill();
        }
    }

    @Override
    void run() throws Exception {
        use.of(end, message, descriptors == 0 ? List.of() : List.of(passed));
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
        if (message.position() > 0) {
            assertThat(message.hasRemaining()).isFalse();
            assertNext(peer, MESSAGE, descriptors);
        }
        assertUsable(end, peer);
    }

    @Override
    public void close() throws IOException {
        try (passed) {
            super.close();
        }
    }

    private void fill() throws IOException {
        while (end.trySend(ByteBuffer.wrap(bytes(2)))) {
            before++;
        }
        assertThat(before).isPositive();
    }

    private void drain() throws IOException {
        for (; before > 0; before--) {
            assertNext(peer, bytes(2), 0);
        }
    }
}
