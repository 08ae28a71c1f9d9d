package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples that ask a worker each line that they read.
@Sampled
@Timeout(120)
class WorkerExamplesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BeforeAll
    static void there_are_python_and_php() {
        Interpreters.require("python3");
        Interpreters.require("php");
    }

    /// A running example, to which lines are written.
    private record Running(Child program, BufferedReader output, ProcessHandle worker) {

        void say(String line) throws IOException {
            program.stdin().outputStream().write((line + "\n").getBytes(UTF_8));
        }
    }

    private interface Body {
        void run(Running example) throws Exception;
    }

    private static void run(String example, String script, Body body) throws Exception {
        Path root = PhpRuns.ROOT;
        try (Child program = MessagePrograms.command(
                                root.resolve("examples/" + example + ".java"),
                                root.resolve("children/" + script).toString())
                        .stdin(Stdio.pipe())
                        .stdout(Stdio.pipe())
                        .stderr(Stdio.lastLines(50))
                        .withoutSocket()
                        .spawn();
                var output = new BufferedReader(
                        new InputStreamReader(program.stdout().inputStream(), UTF_8))) {
            String first = output.readLine();
            assertThat(first)
                    .as("%s", program.isAlive() ? "" : program.lastLines())
                    .startsWith("process ");
            long pid = Long.parseLong(first.substring("process ".length()));
            body.run(new Running(program, output, ProcessHandle.of(pid).orElseThrow()));
        }
    }

    @ParameterizedTest
    @CsvSource({"PythonWorker, worker.py, HELLO", "GoridgeWorker, worker_goridge.php, HELLO in {\"attempt\":1}"})
    void it_answers_each_line(String example, String script, String answer) throws Exception {
        run(example, script, running -> {
            running.say("hello");
            assertThat(running.output()
                            .lines()
                            .filter(line -> !line.startsWith("asked for"))
                            .findFirst())
                    .hasValue(answer);
            running.program().stdin().close();
            assertThat(running.program().waitFor(Deadline.after(PATIENCE))).isEqualTo(new Exit.Exited(0));
            assertThat(running.worker().isAlive()).isFalse();
        });
    }

    /// The worker is stopped first: so it has not answered when it is killed.
    @ParameterizedTest
    @CsvSource({"PythonWorker, worker.py", "GoridgeWorker, worker_goridge.php"})
    void a_killed_worker_fails_what_is_asked_at_once_and_says_how(String example, String script) throws Exception {
        run(example, script, running -> {
            stop(running.worker());
            running.say("hello");
            running.worker().destroyForcibly();

            assertThat(running.program().waitFor(Deadline.after(PATIENCE))).isEqualTo(new Exit.Exited(1));
            assertThat(String.join("\n", running.program().lastLines()))
                    .contains("RequestFailedException: the channel has ended: the child has ended: Signaled[signal=9");
        });
    }

    private static void stop(ProcessHandle process) throws Exception {
        String pid = Long.toString(process.pid());
        assertThat(Command.of("kill", "-STOP", pid).output().isSuccess()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"PythonWorker, worker.py", "GoridgeWorker, worker_goridge.php"})
    void a_killed_example_takes_its_worker_with_it(String example, String script) throws Exception {
        run(example, script, running -> {
            running.program().signal(Signal.KILL);
            running.worker().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        });
    }
}
