package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.harness.TestLength;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Workers that are killed at any moment, while many threads ask them: each request ends once, with its own answer or
/// a reason that is true, nothing hangs, and nothing is left.
@Sampled
@Timeout(600)
class KilledRequestsTest {

    private static final int KILLED_IN_C = 50; // for each seed
    private static final int KILLED_IN_JAVA = Math.min(10, TestLength.of(10));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_ASKERS = 4;
    private static final int MOST_ANSWERS = 20; // before it is killed

    @TempDir
    static Path folder;

    /// What became of the requests to one worker.
    private static final class Kept implements Asker.Outcomes {

        private final Queue<String> answered = new ConcurrentLinkedQueue<>();
        private final Queue<RequestFailedException> failures = new ConcurrentLinkedQueue<>();
        private final Queue<String> notRun = new ConcurrentLinkedQueue<>();

        @Override
        public void answered(String number) {
            answered.add(number);
        }

        @Override
        public void failed(String number, RequestFailedException how) {
            failures.add(how);
            if (!how.mayHaveRun()) {
                notRun.add(number);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void each_request_to_a_killed_worker_in_c_ends_once(long seed) throws Exception {
        Command _ = worker(); // which is compiled before several threads want it
        var random = new Random(seed);
        for (int left = KILLED_IN_C; left > 0; ) {
            int atOnce = 1 + random.nextInt(Math.min(left, 3));
            together(atOnce, () -> killWorkerInC(random.nextLong()));
            left -= atOnce;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    void each_request_to_a_killed_worker_in_java_ends_once(long seed) throws Exception {
        var random = new Random(seed);
        for (int left = KILLED_IN_JAVA; left > 0; ) {
            int atOnce = Math.min(left, 2);
            together(atOnce, () -> killWorkerInJava(random.nextLong()));
            left -= atOnce;
        }
    }

    private interface Killing {
        void run() throws Exception;
    }

    private static void together(int count, Killing killing) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(() -> {
                    killing.run();
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static void killWorkerInC(long seed) throws Exception {
        Kept _ = kill(worker(), Exchange.IN_TURN, new Random(seed));
    }

    private static Command worker() throws Exception {
        return ChildLanguage.C.command(ChildLanguage.C.worker(), folder);
    }

    /// Also looks at which of the requests the worker has begun.
    private static void killWorkerInJava(long seed) throws Exception {
        Path begun = Files.createTempFile(folder, "begun", "");

        Kept kept = kill(
                JavaCommand.of(KilledRequestsTest::work, begun.toString()).command(),
                Exchange.NUMBERED,
                new Random(seed));

        List<String> numbers = Files.readAllLines(begun);
        assertThat(numbers).doesNotHaveDuplicates().containsAll(kept.answered);
        assertThat(kept.notRun).noneMatch(numbers::contains);
    }

    /// A worker with Dyad, which writes down each request that it begins.
    private static void work(String[] arguments) throws IOException, InterruptedException {
        try (var begun = new FileOutputStream(arguments[0], true); // which no interrupt closes
                Requests requests =
                        Requests.over(MessageChannel.over(Inherited.socket(), Wire.framed()), Exchange.NUMBERED)) {
            requests.handler(MOST_ASKERS, request -> {
                byte[] text = new byte[request.body().remaining()];
                request.body().get(text);
                begun.write((new String(text, 0, 16, US_ASCII) + "\n").getBytes(US_ASCII));
                for (int i = 0; i < text.length; i++) {
                    text[i] = (byte) (text[i] - ('a' - 'A'));
                }
                return ByteBuffer.wrap(text);
            });
            var _ = requests.channel().onClosed().join();
        }
    }

    private static Kept kill(Command worker, Exchange exchange, Random random) throws Exception {
        var kept = new Kept();
        var threads = random.nextBoolean()
                ? Thread.ofPlatform().factory()
                : Thread.ofVirtual().factory();
        try (ExecutorService askers = Executors.newThreadPerTaskExecutor(threads);
                Child child = worker.stderr(Stdio.ignore()).spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), exchange)) {
            List<Future<?>> asking = new ArrayList<>();
            int count = 1 + random.nextInt(MOST_ASKERS);
            for (int i = 0; i < count; i++) {
                asking.add(askers.submit(new Asker(requests, random.nextLong(), kept)));
            }
            awaitSomeMoment(kept, asking, random);

            assertThat(child.signal(Signal.KILL)).isTrue();

            for (Future<?> each : asking) {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertEnded(requests, kept);
        }
        return kept;
    }

    /// Waits for some answers, and for a moment within the next ones.
    private static void awaitSomeMoment(Kept kept, List<Future<?>> asking, Random random) {
        if (random.nextInt(8) > 0) {
            int wanted = 1 + random.nextInt(MOST_ANSWERS);
            Await.until(() -> kept.answered.size() >= wanted || asking.stream().anyMatch(Future::isDone), PATIENCE);
        }
        for (int i = random.nextInt(20_000); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private static void assertEnded(Requests requests, Kept kept) {
        Closed closed = requests.channel().closed().orElseThrow();
        assertThat(closed)
                .isInstanceOfSatisfying(
                        Closed.ChildEnded.class, how -> assertThat(how.exit()).isEqualTo(new Exit.Signaled(9, false)));
        assertThat(kept.failures)
                .allSatisfy(failed -> assertThat(failed.closed())
                        .isEqualTo(failed.why() == Why.CHANNEL_ENDED ? Optional.of(closed) : Optional.empty()));
        assertThat(requests.underWay()).isZero();
    }
}
