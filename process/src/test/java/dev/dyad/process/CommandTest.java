package dev.dyad.process;

import static dev.dyad.process.Talk.answer;
import static dev.dyad.process.Talk.assertFails;
import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.FailsWhenEmulated;
import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.JavaProbe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

    @TempDir
    Path folder;

    /// Says which signals its children ignore, those that keep them first.
    static final class Ignores {
        public static void main(String[] arguments) throws Exception {
            String script = "sed -n 's/^SigIgn:\\t//p' /proc/self/status >&3";
            System.out.print(answer(sh(script).keepIgnoredSignals()) + answer(sh(script)));
        }
    }

    /// Runs a program that is looked for, in a folder where one is named.
    static final class Looks {
        public static void main(String[] arguments) throws Exception {
            var command = Command.of(arguments[0]);
            if (arguments.length > 1) {
                command.directory(Path.of(arguments[1]));
            }
            try {
                System.out.print(answer(command));
            } catch (IOException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @Test
    void half_of_a_character_is_refused() {
        for (String half : List.of("x\uD83D", "\uDCE9")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Command.of("echo", half))
                    .withMessageStartingWith("not Unicode text, as it has half of a surrogate pair: \"")
                    .withMessageContaining("\\u{D");
        }
    }

    @Test
    void descriptors_may_have_gaps_and_high_numbers() throws Exception {
        try (var one = SocketPair.stream();
                var two = SocketPair.stream();
                var three = SocketPair.stream();
                Child child = sh("for fd in 3 5 9 200; do readlink /proc/self/fd/$fd; done >&3;"
                                + "printf '%s ' /proc/self/fd/* | tr -dc '0-9 ' >&3")
                        .with(5, one.left())
                        .with(9, two.left())
                        .with(200, three.right())
                        .spawn()) {
            String[] said = readToEnd(child.socket()).split("\n");

            assertThat(said[0]).startsWith("socket:[");
            assertThat(List.of(said).subList(1, 4))
                    .containsExactly(link(one.left()), link(two.left()), link(three.right()));
            assertThat(said[4].split(" ")).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "9", "200");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 30, Integer.MAX_VALUE})
    void a_number_that_no_process_can_have_is_an_error(int number) throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThatThrownBy(sh("exit 0").with(number, pair.left())::spawn)
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageMatching("(fcntl|posix_spawn_file_actions_adddup2): .*");
        }
    }

    @Test
    void an_end_that_is_closed_cannot_be_given() throws Exception {
        var pair = SocketPair.stream();
        pair.close();

        assertThatThrownBy(sh("exit 0").with(4, pair.left())::spawn).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void a_standard_stream_may_be_the_null_device(int number) throws Exception {
        Command command = sh("for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done | cat >&3");
        var _ = switch (number) {
            case 0 -> command.stdin(Stdio.ignore());
            case 1 -> command.stdout(Stdio.ignore());
            default -> command.stderr(Stdio.ignore());
        };

        String[] links = answer(command).split("\n");

        for (int fd = 0; fd < 3; fd++) {
            assertThat(links[fd]).isEqualTo(fd == number ? "/dev/null" : Talk.link(fd));
        }
    }

    @Test
    void a_child_without_a_socket_is_told_of_none() throws Exception {
        try (var pair = SocketPair.stream();
                Child child = sh("env | grep ^DYAD_ >&4; readlink /proc/self/fd/3 >&4; echo end >&4")
                        .withoutSocket()
                        .with(4, pair.left())
                        .spawn()) {
            pair.left().close();

            assertThat(readToEnd(pair.right())).isEqualTo("end\n");
            assertThatThrownBy(child::socket).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_child_may_lead_a_process_group() throws Exception {
        try (Child child = sh("cut -d' ' -f5 /proc/$$/stat >&3").processGroup().spawn();
                Child other = sh("cut -d' ' -f5 /proc/$$/stat >&3").spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo(child.pid() + "\n");
            assertThat(readToEnd(other.socket())).isNotEqualTo(other.pid() + "\n");
            assertThatThrownBy(() -> other.signalGroup(Signal.TERM)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_child_may_lead_a_session() throws Exception {
        try (Child child =
                sh("cut -d' ' -f5,6 /proc/$$/stat >&3").session().processGroup().spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo(child.pid() + " " + child.pid() + "\n");
        }
        try (Child child = sh("read line <&3").session().spawn()) {
            assertThat(child.signalGroup(Signal.KILL)).isTrue();
            assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
        }
    }

    @Test
    void an_environment_may_begin_with_nothing() throws Exception {
        assertThat(answer(Command.of("env").fd(1).emptyEnvironment().environment(Map.of("A", "b")))
                        .lines())
                .hasSize(3)
                .contains("A=b", "DYAD_FD=1");
    }

    @Test
    void signals_that_are_ignored_here_stay_so_only_where_that_is_asked_for() throws Exception {
        var result = JavaProbe.of(Ignores.class)
                .under("sh", "-c", "trap '' HUP USR1; exec \"$@\"", "sh")
                .run();
        long both = 1L << (Signal.HUP.number() - 1) | 1L << (Signal.USR1.number() - 1);

        String[] ignored = result.outText().split("\n");

        assertThat(Long.parseUnsignedLong(ignored[0], 16) & both).isEqualTo(both);
        assertThat(ignored[1]).isEqualTo("0000000000000000");
    }

    @Test
    void a_name_is_looked_for_along_the_path() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path found = script(Files.createDirectory(folder.resolve("found")), "#!/bin/sh\necho found >&3\n");
        Path useless = Files.createDirectory(folder.resolve("useless"));
        Files.writeString(useless.resolve("tool"), "not executable");

        assertThat(look(empty + ":" + useless + ":" + found, "tool")).isEqualTo("found\n");
        assertThat(look(empty + ":" + useless, "tool")).isEqualTo("posix_spawn: tool: Permission denied (EACCES)");
        assertThat(look(empty + ":/no/such", "tool"))
                .isEqualTo("posix_spawn: tool: No such file or directory (ENOENT)");
    }

    @ParameterizedTest
    @ValueSource(strings = {":/no/such", "/no/such:", "/no/such::/nor/this"})
    @FirstInShortRuns
    void an_empty_entry_of_the_path_is_the_working_directory(String path) throws Exception {
        script(folder, "#!/bin/sh\necho here >&3\n");

        assertThat(look(path, "tool", folder.toString())).isEqualTo("here\n");
    }

    @Test
    void a_program_with_a_slash_is_looked_for_in_the_working_directory() throws Exception {
        script(folder, "#!/bin/sh\necho here >&3\n");

        assertThat(answer(Command.of("./tool").directory(folder))).isEqualTo("here\n");
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void an_empty_name_is_no_program() {
        assertFails(Command.of(""), "posix_spawn", "ENOENT", "");
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void a_script_that_does_not_say_what_runs_it_is_run_by_the_shell() throws Exception {
        Path tool = script(folder, "echo \"$0 $# $2\" >&3\n").resolve("tool");

        assertThat(answer(Command.of(tool.toString(), "a", "b c"))).isEqualTo(tool + " 2 b c\n");
        assertThat(answer(Command.of("./tool").directory(folder))).isEqualTo("./tool 0 \n");
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void a_script_whose_interpreter_is_gone_is_an_error() throws Exception {
        Path tool = script(folder, "#!/no/such/interpreter\n").resolve("tool");

        assertFails(Command.of(tool.toString()), "posix_spawn", "ENOENT", tool.toString());
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void a_working_directory_that_is_a_file_is_named() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertFails(sh("exit 0").directory(file), "chdir", "ENOTDIR", file.toString());
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void arguments_that_are_too_many_are_an_error() {
        assertFails(Command.of("true", "x".repeat(1 << 20)), "posix_spawn", "E2BIG", "true");
    }

    @Test
    void a_nul_character_is_refused_wherever_there_is_text() {
        assertRefused(() -> Command.of("tr\0ue"));
        assertRefused(() -> Command.of("true", "a", "b\0"));
        assertRefused(() -> Command.of(List.of("true", "\0")));
        assertRefused(() -> Command.of("true").environment("A\0", "b"));
        assertRefused(() -> Command.of("true").environment("A", "b\0c"));
        assertRefused(() -> Command.of("true").withoutEnvironment("\0"));
        assertRefused(() -> Command.of("true").directory(Path.of("a\0b")));
    }

    @Test
    void what_cannot_be_meant_is_refused() {
        assertRefused(() -> Command.of(List.of()));
        assertRefused(() -> Command.of("true").environment("", "x"));
        assertRefused(() -> Command.of("true").withoutEnvironment("A=B"));
        assertRefused(() -> Command.of("true").fd(-1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_number_that_no_descriptor_can_have_is_refused_by_the_name_of_the_limit(boolean end) {
        Command command = end
                ? Command.of("true").fd(Integer.MAX_VALUE)
                : Command.of("true").with(Integer.MAX_VALUE, Stdio.ignore());

        assertThatThrownBy(command::spawn)
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("a child cannot have descriptor 2147483647: ")
                .hasMessageContaining("RLIMIT_NOFILE (ulimit -n), which is ");
    }

    @Test
    void arguments_arrive_as_they_are() throws Exception {
        assertThat(answer(Command.of("sh", "-c", "printf '[%s]' \"$@\" >&3", "sh", "", "a b", "*", "$HOME", "é\n新")))
                .isEqualTo("[][a b][*][$HOME][é\n新]");
    }

    @Test
    void a_command_may_be_spawned_again() throws Exception {
        Command command = sh("echo again >&3");

        assertThat(answer(command) + answer(command)).isEqualTo("again\nagain\n");
    }

    @Test
    void an_interrupted_thread_may_spawn() throws Exception {
        Command command = sh("echo here >&3").keepIgnoredSignals();
        Thread.currentThread().interrupt();
        try (Child child = command.spawn()) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(readToEnd(child.socket())).isEqualTo("here\n");
        }
    }

    private String look(String path, String... arguments) throws Exception {
        return JavaProbe.of(Looks.class, arguments)
                .environment("PATH", path)
                .run()
                .outText();
    }

    /// Makes an executable file with the name `tool`.
    private static Path script(Path folder, String text) throws IOException {
        Path tool = Files.writeString(folder.resolve("tool"), text);
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    private static String link(StreamSocket end) throws IOException {
        try (var fd = end.borrow()) {
            return Talk.link(fd.fd());
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "x-y", "1st", "PWD", "IFS"})
    void a_variable_that_a_shell_would_lose_is_refused_where_one_runs_the_command(String name) throws Exception {
        var said = List.<UnaryOperator<Command>>of(
                command -> command.umask(022),
                command -> command.ignoreSignals(Signal.HUP),
                command -> command.parentDeathSignal(Signal.KILL));

        for (UnaryOperator<Command> each : said) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> each.apply(printsVariables(name)).output())
                    .withMessageStartingWith("the variable " + name + " would not arrive: sh, ");
        }
        assertThat(printsVariables(name).nice(1).output().text().lines()).contains(name + "=said");
        assertThat(printsVariables("FINE_1").umask(022).output().text().lines()).contains("FINE_1=said");
    }

    private static Command printsVariables(String name) {
        return Command.of("/usr/bin/env").environment(name, "said");
    }

    @Test
    void no_name_is_the_directory_that_we_are_in() throws Exception {
        assertThat(Command.of("pwd").directory(Path.of("")).output().text().strip())
                .isEqualTo(Path.of("").toRealPath().toString());
    }
}
