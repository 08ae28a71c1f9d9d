package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page about the flight recorder: its commands, as they stand there, on a program that runs.
@Timeout(120)
class FlightRecorderTest {

    private static final Path PAGE = PhpRuns.ROOT.resolve("docs/guide/jfr.md");
    private static final Pattern COMMAND = Pattern.compile("^(?:jcmd|jfr) .*$", Pattern.MULTILINE);
    private static final Pattern EVENT = Pattern.compile("^@Name\\(\"(dyad\\.\\w+)\"\\)", Pattern.MULTILINE);
    private static final Pattern ROW =
            Pattern.compile("^\\| `(dyad\\.\\w+)` \\| .* \\| (\\w+) \\|$", Pattern.MULTILINE);

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

    @Test
    void each_event_has_its_row_which_says_whether_it_is_on() throws Exception {
        Map<String, String> events = new TreeMap<>();
        for (String module : List.of("socket", "process", "message", "message-json", "worker", "php", "cli")) {
            try (Stream<Path> files = Files.walk(PhpRuns.ROOT.resolve(module, "src/main/java"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String source = Files.readString(file);
                    EVENT.matcher(source)
                            .results()
                            .forEach(name ->
                                    events.put(name.group(1), source.contains("@Enabled(false)") ? "no" : "yes"));
                }
            }
        }
        Map<String, String> rows =
                ROW.matcher(Files.readString(PAGE)).results().collect(toMap(row -> row.group(1), row -> row.group(2)));

        assertThat(events).hasSizeGreaterThan(10).containsEntry("dyad.ChildEnded", "yes");
        assertThat(rows).containsExactlyInAnyOrderEntriesOf(events);
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
