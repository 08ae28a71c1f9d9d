package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that is ended leaves neither a folder nor a process, and says nothing of what its end has broken.
@Timeout(120)
class ExitCleanupTest {

    private static final long SEED = new SplittableRandom().nextLong();
    private static final int BY_SIGINT = 130;
    private static final int BY_SIGTERM = 143;
    private static final int SECONDS = 30;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @TempDir
    private Path folder;

    @Test
    void a_jvm_that_is_ended_at_any_moment_leaves_no_folder() throws Exception {
        for (int i = 0; i < 10; i++) {
            Process jvm = started(Jvm.command(Busy.class, options()));
            assertThat(jvm.inputReader().readLine()).isEqualTo("made");
            Thread.sleep(random.nextInt(200));

            signal("TERM", jvm.pid());

            assertGone(jvm, BY_SIGTERM);
        }
    }

    @Test
    void what_is_interrupted_as_at_a_terminal_says_nothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            Process jvm = started(Jvm.command(Main.class, options(), "--quick", "throughput", "requests"));
            assertThat(jvm.inputReader().readLine()).isNotNull();
            Thread.sleep(random.nextInt(2000));

            signal("INT", -jvm.pid());

            assertGone(jvm, BY_SIGINT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 1000", "sleep 1000; true", "trap '' TERM; sleep 1000; true"})
    void a_program_ends_with_the_jvm_that_runs_it(String script) throws Exception {
        Process jvm = started(Jvm.command(Waiting.class, options(), "echo running; " + script));
        assertThat(jvm.inputReader().readLine()).isEqualTo("running");

        signal("TERM", jvm.pid());

        assertGone(jvm, BY_SIGTERM);
    }

    private List<String> options() {
        return List.of("-Djava.io.tmpdir=" + folder);
    }

    /// Starts the leader of a process group.
    private static Process started(List<String> command) throws IOException {
        var all = new ArrayList<>(List.of("setsid"));
        all.addAll(command);
        return new ProcessBuilder(all).start();
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(kill("-" + name, pid)).isZero();
    }

    private static int kill(String signal, long pid) throws Exception {
        return new ProcessBuilder("kill", signal, "--", Long.toString(pid))
                .start()
                .waitFor();
    }

    private void assertGone(Process leader, int code) throws Exception {
        assertThat(leader.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(leader.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .as("seed %d", SEED)
                .isEmpty();
        assertThat(leader.exitValue()).isEqualTo(code);
        assertThat(folder).as("seed %d", SEED).isEmptyDirectory();
        long start = System.nanoTime();
        while (kill("-0", -leader.pid()) == 0) { // what was orphaned has to be reaped, too
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(SECONDS));
            Thread.sleep(20);
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
                System.out.println(new String(program.output().readNBytes("running".length()), StandardCharsets.UTF_8));
                System.exit(program.await());
            }
        }
    }
}
