package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Threads of both kinds that start processes at once, in our way and in the JDK's, each of which tells what it was
/// given. Run by each way to keep from a child what it is not to get.
@Tag("both")
@Timeout(600)
class SpawnLoadTest {

    private static final int THREADS = 16;
    private static final Duration TIME = Duration.ofMillis(1500);

    @TempDir
    Path folder;

    @TempDir
    Path working;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    void each_child_gets_its_descriptors_and_no_other(long seed) throws Exception {
        Path file = Files.createFile(folder.resolve("file")).toRealPath();
        var teller = new Teller(working);
        long end = System.nanoTime() + TIME.toNanos();
        try (var platform =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
                var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Future<Integer>>();
            for (int i = 0; i < THREADS; i++) {
                var random = new Random(seed + i);
                tasks.add((i % 2 == 0 ? platform : virtual).submit(() -> startMany(random, file, teller, end)));
            }
            for (Future<Integer> task : tasks) {
                assertThat(task.get()).isPositive();
            }
        }
    }

    private static int startMany(Random random, Path file, Teller teller, long end) throws Exception {
        int started = 0;
        while (started == 0 || System.nanoTime() < end) {
            if (random.nextInt(3) == 0) {
                startTheirs(teller);
            } else {
                startOurs(random, file, teller);
            }
            started++;
        }
        return started;
    }

    /// By the JDK, whose pipes are not close-on-exec.
    private static void startTheirs(Teller teller) throws Exception {
        Process process = teller.builder().start();
        try (var out = process.getInputStream();
                var _ = process.getOutputStream();
                var _ = process.getErrorStream()) {
            assertThat(teller.told(out).keySet()).containsExactly(0, 1, 2);
        }
        assertThat(process.waitFor()).isZero();
    }

    private static void startOurs(Random random, Path file, Teller teller) throws Exception {
        try (var gift = new Gift(teller.command(), random, file);
                Child child = gift.command().spawn();
                InputStream out = gift.isSocketTheOutput()
                        ? child.socket().inputStream()
                        : child.stdout().inputStream()) {
            Map<Integer, String> told = teller.told(out);

            assertThat(told.keySet()).isEqualTo(gift.numbers());
            gift.verify(told);
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }
}
