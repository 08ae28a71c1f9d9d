package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What ends one direction of a stream.
final class ShutdownOperations {

    private ShutdownOperations() {}

    static Stream<Operation> all() {
        return Stream.of(
                Operation.of(
                        "end the input",
                        "StreamSocket.shutdownInput()",
                        () -> new Shutting(false, StreamSocket::shutdownInput)),
                Operation.of(
                        "end the output",
                        "StreamSocket.shutdownOutput()",
                        () -> new Shutting(true, StreamSocket::shutdownOutput)));
    }

    /// One direction is ended, at the latest by the second try.
    private static final class Shutting extends StreamStage {
        private final boolean output;
        private final Act act;

        interface Act {
            StreamSocket of(StreamSocket end) throws IOException;
        }

        Shutting(boolean output, Act act) throws IOException {
            this.output = output;
            this.act = act;
        }

        @Override
        void run() throws IOException {
            StreamSocket _ = act.of(end);
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            StreamSocket _ = act.of(end);
            if (output) {
                assertEnded(peer);
                assertMoves(peer, end);
            } else {
                assertEnded(end);
                assertThatThrownBy(() -> peer.write(ByteBuffer.allocate(1))).hasMessageContaining("EPIPE");
                assertMoves(end, peer);
            }
        }
    }
}
