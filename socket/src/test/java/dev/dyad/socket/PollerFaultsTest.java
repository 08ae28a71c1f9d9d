package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.posix.Faults;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is thrown on a poller's thread, at whichever of its calls, it goes on.
@Timeout(60)
class PollerFaultsTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String READER = "dyad-read-poller";
    private static final int CALLS = 4;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_poller_that_has_no_memory_for_a_call_still_wakes_its_readers(boolean isMade) throws Exception {
        for (int index = 0; index < CALLS; index++) {
            Faults.strike(READER, index, isMade, new OutOfMemoryError("on purpose"));
            try {
                do {
                    talk();
                } while (Faults.count() <= index);
            } finally {
                Faults.end();
            }
            talk();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_poller_that_fails_while_it_ends_is_followed_by_another(boolean isMade) throws Exception {
        for (int index = 0; index < CALLS; index++) {
            talk();
            Faults.strike(READER, index, isMade, new OutOfMemoryError("on purpose"));
            try {
                Await.until(() -> !isRunning(), LONG);
            } finally {
                Faults.end();
            }
            talk();
        }
    }

    /// A virtual thread waits, and gets what is written then; or the error, if that came just while it was
    /// told.
    private static void talk() throws Exception {
        try (var pair = SocketPair.stream()) {
            var read = new FutureTask<>(() -> pair.right().read(ByteBuffer.allocate(1)));
            Thread.ofVirtual().start(read);
            Await.until(() -> pair.right().waiters() == 1, LONG);
            pair.left().write(ByteBuffer.allocate(1));
            try {
                assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(OutOfMemoryError.class);
            }
        }
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(READER));
    }
}
