package dev.dyad.process.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.process.Child;
import dev.dyad.process.ChildEndedException;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Limit;
import dev.dyad.process.ResourceUsage;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildExamplesTest {

    @TempDir
    Path folder;

    private static String upperCase() throws IOException {
        // @start region="child"
        try (Child child = Command.of("sh", "-c", "tr a-z A-Z <&3 >&3").spawn()) {
            child.socket().write(UTF_8.encode("hello"));
            child.socket().shutdownOutput(); // the end of what the child reads

            return new String(child.socket().inputStream().readAllBytes(), UTF_8); // "HELLO"
        }
        // @end
    }

    @Test
    void a_child_is_talked_to() throws Exception {
        assertThat(upperCase()).isEqualTo("HELLO");
    }

    // @start region="command"
    static Child startWorker(Path directory) throws IOException {
        return Command.of("sh", "worker.sh")
                .directory(directory)
                .environment("LC_ALL", "C")
                .fd(0) // its standard input is its end of the socket pair
                .stderr(Stdio.lastLines(20)) // for child.lastLines()
                .patience(Duration.ofSeconds(5), Duration.ofSeconds(2)) // how long close() waits before it kills
                .spawn();
    }
    // @end

    @Test
    void a_command_says_all_that_a_child_is_started_with() throws Exception {
        Files.writeString(folder.resolve("worker.sh"), "cat >&2; exit 1");
        try (Child child = startWorker(folder)) {
            child.socket().write(UTF_8.encode("no such work"));
            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(1));
            assertThat(child.lastLines()).containsExactly("no such work");
        }
    }

    // @start region="supervised"
    static Child startSupervised(String... command) throws IOException {
        return Command.of(List.of(command))
                .withoutSocket() // nothing of ours whose end it would find
                .parentDeathSignal(Signal.KILL) // from the kernel, also when this JVM is killed
                .patience(Duration.ZERO, Duration.ofSeconds(2)) // from close(), and when this JVM ends: SIGTERM at once
                .spawn();
    }
    // @end

    @Test
    void a_supervised_child_ends_with_what_started_it() throws Exception {
        Child child = startSupervised("sleep", "600");
        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false));
    }

    // @start region="exit"
    static String describe(Exit exit) {
        return switch (exit) {
            case Exit.Exited(int code) -> code == 0 ? "done" : "failed with " + code;
            case Exit.Signaled(int signal, boolean coreDumped) ->
                "killed by " + signal + (coreDumped ? ", core dumped" : "");
        };
    }
    // @end

    @Test
    void an_exit_is_by_a_code_or_by_a_signal() throws Exception {
        try (Child one = Command.of("false").spawn();
                Child other = Command.of("sh", "-c", "kill -9 $$").spawn()) {
            assertThat(describe(one.waitFor())).isEqualTo("failed with 1");
            assertThat(describe(other.waitFor())).isEqualTo("killed by 9");
        }
    }

    // @start region="child-ended"
    static byte[] readAll(Child child) throws IOException {
        try {
            return child.socket().inputStream().readAllBytes();
        } catch (ChildEndedException e) { // and a process that it started still has its end
            throw new IOException("the worker ended too early: " + e.exit(), e);
        }
    }
    // @end

    @Test
    void a_child_that_leaves_its_end_to_another_process_is_told() throws Exception {
        try (Child child = Command.of("sh", "-c", "cat <&3 >/dev/null & exit 3").spawn()) {
            assertThatThrownBy(() -> readAll(child)).hasMessage("the worker ended too early: Exited[code=3]");
        }
    }

    // @start region="signal"
    static Exit stop(Child child) throws IOException, InterruptedException {
        child.signal(Signal.TERM);
        try {
            return child.waitFor(Deadline.after(Duration.ofSeconds(10)));
        } catch (TimeoutException e) {
            child.signal(Signal.KILL);
            return child.waitFor();
        }
    }
    // @end

    @Test
    void a_child_is_stopped_by_a_signal() throws Exception {
        try (Child child = Command.of("sleep", "600").spawn()) {
            assertThat(stop(child)).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false));
        }
    }

    // @start region="limit"
    static Child startLimited(Command command) throws IOException {
        return command.limit(Limit.NOFILE, 100) // descriptors
                .limit(Limit.CPU, 10, 12) // seconds: SIGXCPU after 10, SIGKILL after 12
                .spawn(); // the child has them when this returns
    }
    // @end

    @Test
    void a_child_has_limits() throws Exception {
        String script = "read go; ulimit -n; ulimit -t";
        try (Child child = startLimited(Command.of("sh", "-c", script).fd(0).stdout(Stdio.sameAs(0)))) {
            child.socket().write(UTF_8.encode("go\n")); // not before it has them
            child.socket().shutdownOutput();

            assertThat(child.socket().inputStream().readAllBytes()).isEqualTo("100\n10\n".getBytes(UTF_8));
        }
    }

    // @start region="resource-usage"
    static Duration processorTime(Child child) throws IOException, InterruptedException {
        child.waitFor();
        ResourceUsage usage = child.usage();
        return usage.userTime().plus(usage.systemTime());
    }
    // @end

    @Test
    void a_child_that_has_ended_says_what_it_used() throws Exception {
        try (Child child = Command.of("true").spawn()) {
            assertThat(processorTime(child)).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        }
    }

    @Test
    void each_descriptor_of_a_child_is_chosen() throws Exception {
        Path log = folder.resolve("log");
        // @start region="stdio"
        Command command = Command.of("sh", "-c", "cat; echo done >&2")
                .stdin(Stdio.pipe()) // our end is child.stdin()
                .stdout(Stdio.file(log)) // created, or emptied
                .stderr(Stdio.sameAs(1)); // as 2>&1
        try (Child child = command.spawn()) {
            child.stdin().write(UTF_8.encode("hello\n"));
            child.stdin().close();
            child.waitFor();
        }
        // @end
        assertThat(log).hasContent("hello\ndone\n");
    }
}
