package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that is ended leaves neither a folder nor a process, and says nothing of what its end has broken.
@Sampled
@Timeout(120)
class ExitCleanupTest {

    private static final int BY_SIGINT = 130;
    private static final int BY_SIGTERM = 143;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<Process> leaders = new ArrayList<>();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("dev.dyad.harness.Seeds#few")
    void a_jvm_that_is_ended_at_any_moment_leaves_no_folder(long seed) throws Exception {
        Process jvm = started(Jvm.command(Busy.class, options()));
        assertThat(jvm.inputReader().readLine()).isEqualTo("made");

        pause(seed, 200);
        signal("TERM", jvm.pid());

        assertGoneWithoutAWord(jvm, BY_SIGTERM);
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.harness.Seeds#few")
    void what_is_interrupted_as_at_a_terminal_says_nothing(long seed) throws Exception {
        Process jvm = started(Jvm.command(Main.class, options(), "--quick", "throughput", "requests"));
        assertThat(jvm.inputReader().readLine()).isNotNull(); // a JVM that does not run us yet ends as it likes

        pause(seed, 4000);
        signal("INT", -jvm.pid());

        assertGoneWithoutAWord(jvm, BY_SIGINT);
    }

    @Test
    void a_driver_that_has_shared_memory_leaves_none() throws Exception {
        var command = new ArrayList<>(LinkedPeer.AERON.command("1000"));
        command.add(1, "-Daeron.dir=" + folder.resolve("aeron"));
        Process jvm = started(command);
        Await.until(() -> jvm.children().findAny().isPresent(), LIMIT);

        signal("TERM", jvm.pid());

        assertGone(jvm, BY_SIGTERM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 1000", "sleep 1000; true", "trap '' TERM; sleep 1000; true"})
    void a_program_ends_with_the_jvm_that_runs_it(String script) throws Exception {
        Process jvm = started(Jvm.command(Waiting.class, options(), "echo running; " + script));
        assertThat(jvm.inputReader().readLine()).isEqualTo("running");

        signal("TERM", jvm.pid());

        assertGoneWithoutAWord(jvm, BY_SIGTERM);
    }

    private List<String> options() {
        return List.of("-Djava.io.tmpdir=" + folder);
    }

    /// Starts the leader of a process group, which an interrupt ends even where who runs this ignores it.
    private Process started(List<String> command) throws IOException {
        var all = new ArrayList<>(List.of("env", "--default-signal=INT,TERM", "setsid"));
        all.addAll(command);
        Process leader = new ProcessBuilder(all).start();
        leaders.add(leader);
        return leader;
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(kill("-" + name, pid)).isZero();
    }

    private static int kill(String signal, long pid) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", signal, "--", Long.toString(pid))
                .start()
                .waitFor();
    }

    private static void pause(long seed, int mostMillis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(new SplittableRandom(seed).nextInt(mostMillis));
        long start = System.nanoTime();
        Await.until(() -> System.nanoTime() - start > nanos, LIMIT);
    }

    private void assertGoneWithoutAWord(Process leader, int code) throws Exception {
        assertThat(new String(leader.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertGone(leader, code);
    }

    private void assertGone(Process leader, int code) throws Exception {
        assertThat(leader.waitFor()).isEqualTo(code);
        assertThat(folder).isEmptyDirectory();
        Await.until(() -> !isThere(leader), LIMIT); // what was orphaned has to be reaped, too
    }

    private static boolean isThere(Process leader) {
        try {
            return kill("-0", -leader.pid()) == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void end() throws Exception {
        for (Process leader : leaders) {
            int _ = kill("-KILL", -leader.pid());
        }
    }

    /// Makes folders and runs programs on two threads until it is ended.
    static final class Busy {

        private Busy() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                new Thread(Busy::work).start();
            }
        }

        private static void work() {
            try {
                while (true) {
                    try (var made = TemporaryFolder.make()) {
                        Files.writeString(made.resolve("file"), "text");
                        String _ = Programs.output(List.of("true"));
                        System.out.println("made");
                    }
                }
            } catch (IOException | InterruptedException e) {
                ExitCleanup.awaitEnd(Duration.ofSeconds(1));
                throw new IllegalStateException(e);
            }
        }
    }

    /// Runs a program that does not end.
    static final class Waiting {

        private Waiting() {}

        public static void main(String[] arguments) throws Exception {
            try (RunningProgram program = RunningProgram.start(new ProcessBuilder("sh", "-c", arguments[0]))) {
                while (program.printed().isEmpty()) {
                    Thread.onSpinWait();
                }
                System.out.print(program.printed());
                System.exit(program.await());
            }
        }
    }
}
