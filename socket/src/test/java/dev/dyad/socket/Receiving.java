package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A message is received: whatever happens, neither it nor its descriptors are lost.
final class Receiving extends MessageStage {

    private static final byte[] MESSAGE = bytes(100);

    private final When when;
    private final Use use;
    private final int descriptors;
    private final ByteBuffer target = ByteBuffer.allocate(MESSAGE.length + 1);
    private boolean sent;

    /// What is done with one end and room for a message.
    interface Use {
        @Nullable
        Received of(MessageSocket end, ByteBuffer target) throws Exception;
    }

    Receiving(Kind kind, int descriptors, When when, Use use) throws IOException {
        super(kind);
        this.descriptors = descriptors;
        this.when = when;
        this.use = use;
        if (when == When.BEFORE) {
            send();
        }
    }

    @Override
    void run() throws Exception {
        try (Received received = use.of(end, target)) {
            if (received != null) {
                assertThat(received.descriptors()).hasSize(descriptors);
            }
        }
    }

    @Override
    void meanwhile(BooleanSupplier over) throws IOException {
        if (when == When.MEANWHILE) {
            awaitWaiter(end, over);
            send();
        }
    }

    @Override
    void verify(@Nullable Throwable thrown) throws IOException {
        if (!sent) {
            send();
        }
        if (target.position() == 0) {
            assertNext(end, MESSAGE, descriptors);
        } else {
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(MESSAGE));
        }
        assertUsable(end, peer);
    }

    private void send() throws IOException {
        try (Descriptor passed = Descriptor.memory("walk")) {
            peer.send(ByteBuffer.wrap(MESSAGE), descriptors == 0 ? List.of() : List.of(passed), soon());
        }
        sent = true;
    }
}
