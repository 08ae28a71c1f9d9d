package dev.dyad.process.spawn;

import static dev.dyad.process.Talk.assertFails;
import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.process.Talk;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Children that do not look at their end, and are gone all the same when their parent is killed.
@Timeout(60)
class ParentDeathSignalTest {

    @TempDir
    Path folder;

    /// Says the pid of a child that does not read, and waits to be killed.
    static final class Waits {
        public static void main(String[] arguments) throws Exception {
            Child child =
                    Command.of("sleep", "600").parentDeathSignal(Signal.KILL).spawn();
            Await.until(() -> isSleep(child), Duration.ofSeconds(20));
            System.out.println(child.pid());
            new CountDownLatch(1).await();
        }

        private static boolean isSleep(Child child) {
            return child.handle()
                    .flatMap(handle -> handle.info().command())
                    .orElse("")
                    .endsWith("sleep");
        }
    }

    @Test
    void a_child_that_does_not_read_ends_with_a_parent_that_is_killed() throws Exception {
        Process parent = new ProcessBuilder(JavaProbe.of(Waits.class).command())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = parent.inputReader()) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();

            parent.destroyForcibly().waitFor();

            Await.until(() -> Talk.hasEnded(child), Duration.ofSeconds(20));
        } finally {
            parent.destroyForcibly().waitFor();
            parent.getOutputStream().close();
            parent.getErrorStream().close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_end_of_the_thread_that_asked_for_the_spawn_is_not_the_parents(boolean virtual) throws Exception {
        long before = nativeThreads();
        var spawning = new FutureTask<>(() -> sh("while read line; do echo $line >&0; done")
                .fd(0)
                .parentDeathSignal(Signal.KILL)
                .spawn());
        (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(spawning);

        try (Child child = spawning.get()) {
            Await.until(() -> virtual || nativeThreads() <= before + 2, Duration.ofSeconds(20)); // reaper, spawner
            child.socket().write(UTF_8.encode("still here\n"));

            assertThat(Talk.line(child.socket())).isEqualTo("still here");
        }
    }

    @Test
    void a_parent_that_had_ended_before_is_noticed() throws Exception {
        List<String> words = new PreExec(new ResourceLimits())
                .words(Signal.TERM, 1, List.of(), List.of("sh", "-c", "echo here >&3")); // our parent, not it

        try (Child child = Command.of(words).spawn()) {
            assertThat(readToEnd(child.socket())).isEmpty();
            assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
        }
    }

    @Test
    void the_command_gets_its_words_its_descriptors_and_its_pid() throws Exception {
        Command command = Command.of("sh", "-c", "echo $$ \"$0\" \"$1\" $DYAD_FD >&3; exit 9", "a b", "$c")
                .parentDeathSignal(Signal.TERM);

        try (Child child = command.spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo(child.pid() + " a b $c 3\n");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(9));
        }
    }

    @Test
    void a_program_that_is_not_there_is_told_as_without() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no program");

        assertFails(Command.of("no-such-program").parentDeathSignal(Signal.KILL), "posix_spawn", "ENOENT", "no-such");
        assertFails(
                Command.of("./gone").directory(folder).parentDeathSignal(Signal.KILL),
                "posix_spawn",
                "ENOENT",
                "./gone");
        assertFails(
                Command.of(text.toString()).parentDeathSignal(Signal.KILL), "posix_spawn", "EACCES", text.toString());
    }

    @Test
    void the_program_is_the_one_that_a_spawn_without_finds() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        Path tool = Files.writeString(other.resolve("cat"), "#!/bin/sh\necho another program >&3\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();

        for (Command command : List.of(
                Command.of("cat", "/dev/fd/0").environment("PATH", other.toString()),
                Command.of("cat", "/dev/fd/0").environment("PATH", "/nowhere"),
                Command.of("cat", "/dev/fd/0").emptyEnvironment())) {
            command.stdin(Stdio.ignore()).stdout(Stdio.sameAs(3));
            assertThat(Talk.answer(command)).isEmpty();
            assertThat(Talk.answer(command.parentDeathSignal(Signal.KILL))).isEmpty();
        }
    }

    private static long nativeThreads() {
        return Objects.requireNonNull(new File("/proc/self/task").list()).length;
    }
}
