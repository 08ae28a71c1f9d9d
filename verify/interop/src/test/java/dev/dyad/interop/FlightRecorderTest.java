package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page about the flight recorder: its commands, as they stand there, on a program that runs.
@Timeout(120)
class FlightRecorderTest {

    private static final Path PAGE = PhpRuns.ROOT.resolve("docs/guide/jfr.md");
    private static final Pattern COMMAND = Pattern.compile("^(?:jcmd|jfr) .*$", Pattern.MULTILINE);

    /// Answers once, so that its end is followed by no pause.
    private static final String WORKER = """
            import os
            from multiprocessing.connection import Connection
            parent = Connection(3)
            parent.send_bytes(parent.recv_bytes())
            parent.recv_bytes()
            os._exit(7)
            """;

    @Test
    void the_commands_of_the_page_record_a_program_that_runs(@TempDir Path folder) throws Exception {
        Interpreters.require("python3");
        List<String> commands = COMMAND.matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .toList();
        Path file = folder.resolve("dyad.jfr");
        Process pool = new ProcessBuilder(JavaProbe.of(DyingPool.class).command())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader deaths = pool.inputReader()) {
            assertThat(commands).hasSizeGreaterThan(4);
            for (String command : commands) {
                assertThat(deaths.readLine()).isEqualTo("died"); // and goes on to do so
                PhpRuns.Output output = PhpRuns.shell(
                        command.replace("PID", Long.toString(pool.pid())).replace("FILE", file.toString()));

                assertThat(output.exit()).describedAs(command + ": " + output).isZero();
                assertThat(output.out()).isNotEmpty();
                assertThat(output.out()).doesNotContain("Could not", "Unknown", "No recording");
            }
        } finally {
            pool.destroyForcibly().waitFor();
        }
        assertThat(RecordingFile.readAllEvents(file))
                .extracting(event -> event.getEventType().getName())
                .contains("dyad.WorkersStatistics", "dyad.WorkerFailed", "dyad.ChildEnded");
    }

    static final class DyingPool {

        private DyingPool() {}

        public static void main(String[] arguments) throws Exception {
            try (Workers workers = WorkerPlan.of(
                            Command.of("python3", "-c", WORKER).stderr(Stdio.ignore()))
                    .workers(1)
                    .start()) {
                while (!System.out.checkError()) {
                    ask(workers);
                    ask(workers);
                    System.out.println("died");
                }
            }
        }

        private static void ask(Workers workers) {
            try {
                var _ = workers.call(UTF_8.encode("x"));
            } catch (RequestFailedException e) {
                // as it is meant to, the second time
            }
        }
    }
}
