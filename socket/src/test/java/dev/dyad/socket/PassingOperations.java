package dev.dyad.socket;

import static dev.dyad.socket.When.BEFORE;
import static dev.dyad.socket.When.MEANWHILE;
import static dev.dyad.socket.When.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What passes descriptors with the bytes of a stream.
final class PassingOperations {

    private static final byte[] BYTES = Stage.bytes(30);

    private PassingOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                        sending(),
                        receiving(),
                        Stream.of(waiting()),
                        Stream.of(waiting()).map(Operation::onVirtualThread))
                .flatMap(some -> some);
    }

    private static Stream<Operation> sending() {
        return Stream.of(
                Operation.of(
                        "send a descriptor with bytes",
                        "StreamSocket.send(ByteBuffer,Collection)",
                        () -> new Passing(StreamSocket::send)),
                Operation.of(
                        "send a descriptor with bytes until a deadline",
                        "StreamSocket.send(ByteBuffer,Collection,Deadline)",
                        () -> new Passing((end, bytes, descriptors) -> end.send(bytes, descriptors, Stage.soon()))));
    }

    private static Stream<Operation> receiving() {
        return Stream.of(
                Operation.of(
                        "receive a descriptor with bytes",
                        "StreamSocket.receive(ByteBuffer,int)",
                        () -> new Taking(BEFORE, (end, target) -> end.receive(target, 1))),
                Operation.of(
                        "try to receive a descriptor with bytes",
                        "StreamSocket.tryReceive(ByteBuffer,int)",
                        () -> new Taking(BEFORE, (end, target) -> end.tryReceive(target, 1))),
                Operation.of(
                        "receive a descriptor that nobody asked for",
                        "",
                        () -> new Taking(BEFORE, (end, target) -> end.receive(target, 0))),
                Operation.inVain(
                        "receive bytes with a descriptor too long",
                        "",
                        () -> new Taking(TOO_LATE, (end, target) -> {
                            Stage.late(() ->
                                    end.receive(target, 1, Stage.shortly()).close());
                            return null;
                        })));
    }

    private static Operation waiting() {
        return Operation.of(
                "wait to receive a descriptor with bytes",
                "StreamSocket.receive(ByteBuffer,int,Deadline)",
                () -> new Taking(MEANWHILE, (end, target) -> end.receive(target, 1, Stage.soon())));
    }

    /// Bytes are sent with a descriptor: both arrive, or neither does.
    private static final class Passing extends StreamStage {
        private final Descriptor passed = Descriptor.memory("walk");
        private final ByteBuffer source = ByteBuffer.wrap(BYTES);
        private final Send use;

        interface Send {
            void of(StreamSocket end, ByteBuffer bytes, List<Descriptor> descriptors) throws IOException;
        }

        Passing(Send use) throws IOException {
            this.use = use;
        }

        @Override
        void run() throws IOException {
            use.of(end, source, List.of(passed));
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertThat(source.hasRemaining()).isEqualTo(thrown != null);
            if (thrown == null) {
                var target = ByteBuffer.allocate(BYTES.length);
                try (Received received = peer.receive(target, 1, soon())) {
                    assertThat(received.descriptors()).hasSize(1);
                    assertThat(target.array()).isEqualTo(BYTES);
                }
            }
            assertUsable(end, peer);
        }

        @Override
        public void close() throws IOException {
            try (passed) {
                super.close();
            }
        }
    }

    /// Bytes come with a descriptor: both are taken, or stay where they are.
    private static final class Taking extends StreamStage {
        private final When when;
        private final Receive use;
        private final ByteBuffer target = ByteBuffer.allocate(BYTES.length);

        interface Receive {
            @Nullable
            Received of(StreamSocket end, ByteBuffer target) throws Exception;
        }

        Taking(When when, Receive use) throws IOException {
            this.when = when;
            this.use = use;
            if (when == BEFORE) {
                send();
            }
        }

        @Override
        void run() throws Exception {
            try (Received received = use.of(end, target)) {
                assertThat(received == null
                                || received.areDescriptorsTruncated()
                                || received.descriptors().size() == 1)
                        .isTrue();
            }
        }

        @Override
        void meanwhile(BooleanSupplier over) throws IOException {
            if (when == MEANWHILE) {
                awaitWaiter(end, over);
                send();
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            if (when == TOO_LATE) {
                send();
            }
            if (target.position() == 0) {
                try (Received received = end.receive(target, 1, soon())) {
                    assertThat(received.descriptors()).hasSize(1);
                }
            }
            assertThat(target.array()).isEqualTo(BYTES);
            assertUsable(end, peer);
        }

        private void send() throws IOException {
            try (Descriptor passed = Descriptor.memory("walk")) {
                peer.send(ByteBuffer.wrap(BYTES), List.of(passed), soon());
            }
        }
    }
}
