package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.Await;
import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import dev.dyad.harness.Superuser;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The same short program, in a JVM that was started in one odd way after the other.
@Sampled
@Timeout(120)
class StartMatrixTest {

    private static final int ALL = 0b1111;

    private static final String SIGNALS = """
            import os, signal, sys
            ways = {"ignored": lambda n: signal.signal(n, signal.SIG_IGN),
                    "blocked": lambda n: signal.pthread_sigmask(signal.SIG_BLOCK, [n])}
            for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
                ways[sys.argv[1]](number)
            os.execvp(sys.argv[2], sys.argv[2:])
            """;

    private static final String NO_TEXT = """
            import os, sys
            os.mkdir(os.fsencode(sys.argv[1]) + b"/\\xe9\\xff")
            os.chdir(os.fsencode(sys.argv[1]) + b"/\\xe9\\xff")
            os.execvp(sys.argv[2], sys.argv[2:])
            """;

    /// Ends with a bit for each thing that worked.
    static final class Program {

        private interface Step {
            boolean works() throws Exception;
        }

        public static void main(String[] arguments) {
            int worked = 0;
            List<Step> steps = List.of(Program::pair, Program::closedRead, Program::spawn, Program::javaChild);
            for (int i = 0; i < steps.size(); i++) {
                try {
                    worked |= steps.get(i).works() ? 1 << i : 0;
                } catch (Throwable failed) {
                    System.out.println(failed);
                }
            }
            System.exit(worked);
        }

        private static boolean pair() throws IOException {
            try (var pair = SocketPair.stream()) {
                pair.left().write(UTF_8.encode("x"));
                return pair.right().read(ByteBuffer.allocate(9)) == 1;
            }
        }

        private static boolean closedRead() throws Exception {
            try (var pair = SocketPair.stream()) {
                var reading = new FutureTask<>(() -> pair.left().read(ByteBuffer.allocate(1)));
                Thread.ofPlatform().daemon().start(reading);
                Await.until(() -> pair.left().waiters() == 1, Duration.ofSeconds(20));
                pair.left().close();
                reading.get();
                return false;
            } catch (ExecutionException e) {
                return e.getCause() instanceof AsynchronousCloseException;
            }
        }

        private static boolean spawn() throws Exception {
            try (Child child = sh("exit 7").spawn()) {
                return child.waitFor().equals(new Exit.Exited(7));
            }
        }

        private static boolean javaChild() throws Exception {
            try (Child child = JavaCommand.of(Program::answer).spawn()) {
                return Talk.readToEnd(child.socket()).equals("hello")
                        && child.waitFor().equals(new Exit.Exited(0));
            }
        }

        private static void answer(String[] arguments) throws IOException {
            try (var end = Inherited.socket()) {
                end.write(UTF_8.encode("hello"));
            }
        }
    }

    @TempDir
    Path folder;

    static Stream<Arguments> starts() {
        return Stream.of(
                Arguments.of("signals ignored", List.of("python3", "-c", SIGNALS, "ignored")),
                Arguments.of("signals blocked", List.of("python3", "-c", SIGNALS, "blocked")),
                Arguments.of("standard streams closed", shell("exec \"$@\" <&- >&- 2>&-")),
                Arguments.of("no pending signals", shell("ulimit -i 0; exec \"$@\"")),
                Arguments.of("no files with anything in them", shell("ulimit -f 0; exec \"$@\"")),
                Arguments.of("few descriptors", shell("ulimit -n 48; exec \"$@\"")),
                Arguments.of("the locale C", List.of("env", "-i", "LC_ALL=C")),
                Arguments.of("no environment", List.of("env", "-i")),
                Arguments.of("a folder of its own for what runs", List.of("env", "XDG_RUNTIME_DIR=/nowhere")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("starts")
    @FirstInShortRuns
    void everything_works_whatever_the_jvm_was_started_with(String start, List<String> launcher) throws Exception {
        assertWorks(launcher);
    }

    @Test
    @NotInShortRuns("everything_works_for_another_user_than_the_superuser")
    void everything_works_in_a_folder_whose_name_is_no_text() throws Exception {
        assertWorks(List.of("python3", "-c", NO_TEXT, folder.toString()));
    }

    @Test
    void everything_works_for_another_user_than_the_superuser() throws Exception {
        Superuser.require();
        var words = new ArrayList<>(OtherUser.nobody());
        words.addAll(OtherUser.command(JavaProbe.of(Program.class), folder));

        Output output = Command.of(words).output();

        assertThat(output.exit()).as(output.text() + output).isEqualTo(new Exit.Exited(ALL));
    }

    @Test
    @NotInShortRuns("everything_works_for_another_user_than_the_superuser")
    void everything_works_without_proc() throws Exception {
        String libraries = "LD_LIBRARY_PATH=" + System.getProperty("java.home") + "/lib"; // found by /proc otherwise
        String script = "mount -t tmpfs none /proc && exec \"$@\"";
        assertWorks(isolated("unshare", "--mount", "env", libraries, "sh", "-c", script, "sh"));
    }

    @Test
    @NotInShortRuns("everything_works_for_another_user_than_the_superuser")
    void everything_works_as_the_first_process() throws Exception {
        assertWorks(isolated("unshare", "--pid", "--fork", "--mount-proc"));
    }

    /// As in a chroot or a small image; the programs are there all the same.
    @Test
    void what_is_missing_is_named_be_it_the_null_device_or_the_program() throws Exception {
        String script = "mount -t tmpfs none /dev && exec \"$@\"";
        var result = JavaProbe.of(Misses.class)
                .under(isolated("unshare", "--mount", "sh", "-c", script, "sh").toArray(String[]::new))
                .run();

        assertThat(result.outText()).as(result.toString()).isEqualTo("""
                open: /dev/null, which is to be descriptor 0: No such file or directory (ENOENT)
                posix_spawn: /no/such/program: No such file or directory (ENOENT)
                Exited[code=0]
                """);
    }

    /// Starts children that do and do not need what is not there.
    static final class Misses {
        public static void main(String[] arguments) throws Exception {
            for (Command command :
                    List.of(sh("exit 0").stdin(Stdio.ignore()), Command.of("/no/such/program"), sh("exit 0"))) {
                try (Child child = command.spawn()) {
                    System.out.println(child.waitFor());
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    /// Skips what only the superuser of a whole system may do.
    private static List<String> isolated(String... words) throws Exception {
        var attempt = new ArrayList<>(List.of(words));
        attempt.add("true");
        assumeTrue(Command.of(attempt).output().isSuccess(), "this user may not unshare");
        return List.of(words);
    }

    @Test
    void a_child_has_the_null_device_for_a_stream_that_the_jvm_was_started_without() throws Exception {
        Path said = folder.resolve("said");
        var result = JavaProbe.of(Shows.class, said.toString())
                .under(shell("exec \"$@\" <&- >&- 2>&-").toArray(String[]::new))
                .run();

        assertThat(result.exit()).isZero();
        assertThat(said).hasContent("/dev/null /dev/null /dev/null /dev/null\n");
    }

    /// Has a child say what its standard streams are.
    static final class Shows {
        public static void main(String[] arguments) throws Exception {
            String script = "for i in 0 1 2 5; do all=\"$all $(readlink /proc/$$/fd/$i)\"; done; echo $all >&3";
            Command command = sh(script).with(5, Stdio.sameAs(1));
            Files.writeString(Path.of(arguments[0]), Talk.answer(command));
        }
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script, "sh");
    }

    private static void assertWorks(List<String> launcher) throws Exception {
        var result = JavaProbe.of(Program.class)
                .under(launcher.toArray(String[]::new))
                .run();

        assertThat(result.exit()).as(result.toString()).isEqualTo(ALL);
    }
}
