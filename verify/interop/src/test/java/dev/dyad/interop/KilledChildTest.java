package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.Seeds;
import dev.dyad.harness.TestLength;
import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Children in every language that are killed at any moment: a program that talks with one hears that it has
/// ended, and nothing is left of it.
@Timeout(600)
class KilledChildTest {

    private static final int ROUNDS = TestLength.of(10);
    private static final int TIMES_IN_C = 10;
    private static final int MOST_HEARD = 1 << 20;
    private static final int MOST_SAID = 1 << 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private enum Moment {
        AT_ONCE,
        IDLE,
        TALKING,
        IN_MID_WRITE
    }

    /// What there is of children in this process, and of threads that end when they have had nothing to do for a
    /// moment.
    private record Count(long descriptors, long processes, long threads) {

        static Count now() {
            return new Count(
                    Descriptors.targets().values().stream()
                            .filter(target -> target.startsWith("socket:") || target.contains("pidfd"))
                            .count(),
                    ProcessHandle.current().children().count(),
                    Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith("dyad-") && !name.equals("dyad-cleaner"))
                            .count());
        }
    }

    static Stream<Arguments> languages() {
        return Stream.of(ChildLanguage.values())
                .filter(language -> language != ChildLanguage.JAVA)
                .map(language ->
                        Arguments.of(language, Seeds.fresh().findFirst().orElseThrow()));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("languages")
    void a_child_that_is_killed_at_a_random_moment_leaves_its_exit_and_nothing_else(ChildLanguage language, long seed)
            throws Exception {
        var random = new Random(seed);
        killOne(language, random);
        Count before = Count.now();

        int rounds = language == ChildLanguage.C ? TIMES_IN_C * ROUNDS : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            killOne(language, random);
        }

        var nothingElse = new Count(before.descriptors, before.processes, 0);
        Await.until(() -> Count.now().equals(nothingElse), PATIENCE);
    }

    private static void killOne(ChildLanguage language, Random random) throws Exception {
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        try (ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
                Child child = language.command(language.source(), folder)
                        .stderr(Stdio.ignore())
                        .spawn()) {
            var conversation = new Conversation(child.socket(), threads);
            conversation.reach(moment, random);

            assertThat(child.signal(Signal.KILL)).isTrue();

            assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
            conversation.assertEnds();
        }
    }

    /// Two threads that talk with a child until that ends.
    private static final class Conversation {

        private final StreamSocket end;
        private final ExecutorService threads;
        private final AtomicLong heard = new AtomicLong();
        private Future<String> reading;
        private Future<String> writing;

        Conversation(StreamSocket end, ExecutorService threads) {
            this.end = end;
            this.threads = threads;
            reading = threads.submit(() -> "nothing was read");
            writing = threads.submit(() -> "nothing was written");
        }

        void reach(Moment moment, Random random) {
            int most = 1 + random.nextInt(MOST_SAID);
            int enough = random.nextInt(MOST_HEARD);
            switch (moment) {
                case AT_ONCE -> {}
                case IDLE -> {
                    reading = threads.submit(() -> read(most));
                    Await.until(() -> end.waiters() == 1, PATIENCE);
                }
                case TALKING -> {
                    reading = threads.submit(() -> read(most));
                    writing = threads.submit(() -> write(most));
                    Await.until(() -> heard.get() > enough, PATIENCE);
                }
                case IN_MID_WRITE -> {
                    writing = threads.submit(() -> write(most));
                    Await.until(() -> end.waiters() == 1, PATIENCE);
                }
            }
        }

        void assertEnds() throws Exception {
            assertThat(reading.get()).isIn("nothing was read", "the end", "ECONNRESET");
            assertThat(writing.get()).isIn("nothing was written", "EPIPE", "ECONNRESET");
        }

        private String read(int size) throws IOException {
            var piece = ByteBuffer.allocate(size);
            try {
                for (int n = end.read(piece); n >= 0; n = end.read(piece.clear())) {
                    heard.addAndGet(n);
                }
                return "the end";
            } catch (SystemCallException e) {
                return String.valueOf(e.errno().name());
            }
        }

        private String write(int size) throws IOException {
            var piece = ByteBuffer.allocate(size);
            try {
                while (end.isOpen()) {
                    end.write(piece.clear());
                }
                return "closed";
            } catch (SystemCallException e) {
                return String.valueOf(e.errno().name());
            }
        }
    }
}
