package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The walk itself: it complains of what is wrong.
class FaultWalkFaultsTest {

    private static final Duration SOON = Duration.ofMillis(400); // for a busy machine, too
    private static final List<Descriptor> LEAKED = new ArrayList<>();

    /// Writes a byte, and does what is wrong when that fails.
    private static final class Wrong extends StreamStage {
        private final String how;
        private final ByteBuffer source = ByteBuffer.allocate(1);

        Wrong(String how) throws IOException {
            this.how = how;
        }

        @Override
        void run() throws Exception {
            try {
                int _ = end.write(source);
            } catch (SystemCallException e) {
                fail(e);
            }
        }

        private void fail(SystemCallException e) throws Exception {
            switch (how) {
                case "is swallowed" -> {}
                case "becomes dev.dyad.socket.SystemCallException: sendto" ->
                    throw new SystemCallException("sendto", e.errno());
                case "becomes java.io.IOException" -> throw new IOException(e);
                case "opens {" -> {
                    LEAKED.add(Descriptor.adopt(Numbers.another(end)));
                    throw e;
                }
                case "leaves what is wrong" -> {
                    peer.write(ByteBuffer.allocate(1));
                    throw e;
                }
                case "hangs" -> new CountDownLatch(1).await();
                default -> throw new AssertionError(how);
            }
        }

        @Override
        void verify(@Nullable Throwable thrown) throws IOException {
            assertEmpty(end);
        }
    }

    @ParameterizedTest(name = "a failure that {0}")
    @ValueSource(
            strings = {
                "is swallowed",
                "becomes dev.dyad.socket.SystemCallException: sendto",
                "becomes java.io.IOException",
                "opens {",
                "leaves what is wrong",
                "hangs"
            })
    void what_is_wrong_is_complained_of(String how) throws Exception {
        try {
            List<String> complaints = FaultWalk.complaintsAbout(Operation.of("wrong", "", () -> new Wrong(how)), SOON);

            assertThat(complaints)
                    .anySatisfy(complaint ->
                            assertThat(complaint).startsWith("wrong: send (1 of [send]) fails with EACCES: " + how));
            assertThat(complaints).noneMatch(complaint -> complaint.contains("without a fault"));
        } finally {
            for (Descriptor leaked : LEAKED) {
                leaked.close();
            }
            LEAKED.clear();
        }
    }

    @Test
    void what_is_right_is_not() throws Exception {
        assertThat(FaultWalk.complaintsAbout(Operation.of("right", "", () -> new StreamStage() {
                    @Override
                    void run() throws IOException {
                        int _ = end.write(ByteBuffer.allocate(1));
                    }
                })))
                .isEmpty();
    }
}
