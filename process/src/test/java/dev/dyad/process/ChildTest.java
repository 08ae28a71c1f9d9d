package dev.dyad.process;

import static dev.dyad.process.Talk.assertFails;
import static dev.dyad.process.Talk.link;
import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.harness.FailsWhenEmulated;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Run by each way to keep from a child what it is not to get.
@Tag("both")
class ChildTest {

    @TempDir
    Path folder;

    @Test
    void a_wait_in_vain_says_which_child_goes_on_and_how_long_it_had_and_no_argument() throws Exception {
        try (Child child = sh("read password <&3").spawn()) {
            assertThatThrownBy(() -> child.waitFor(Deadline.after(Duration.ofMillis(5))))
                    .isInstanceOf(TimeoutException.class)
                    .message()
                    .matches("sh \\(process " + child.pid() + "\\) has not ended after \\d+ ms, and goes on");
        }
    }

    @Test
    void a_command_and_its_child_name_the_program_and_no_argument() throws Exception {
        Command command = sh("read line <&3; exit 7");
        assertThat(command).hasToString("Command[sh]");

        try (Child child = command.spawn()) {
            assertThat(child).hasToString("Child[" + child.pid() + ", sh, alive]");
            child.socket().shutdownOutput();
            Exit _ = child.waitFor();

            assertThat(child).hasToString("Child[" + child.pid() + ", sh, Exited[code=7]]");
        }
    }

    @Test
    void a_child_finds_its_end_on_descriptor_3_and_says_so() throws Exception {
        try (Child child = sh("echo \"$DYAD_FD\" >&3; head -c 5 <&3 >&3").spawn()) {
            child.socket().write(UTF_8.encode("hello"));

            assertThat(readToEnd(child.socket())).isEqualTo("3\nhello");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void the_inode_in_its_environment_is_that_of_its_end() throws Exception {
        try (Child child =
                sh("readlink /proc/self/fd/3 >&3; echo $DYAD_INODE >&3").spawn()) {
            String[] said = readToEnd(child.socket()).split("\n");

            assertThat(said[0]).isEqualTo("socket:[" + said[1] + "]");
        }
    }

    @Test
    void a_child_gets_the_descriptors_it_was_given_and_no_other() throws Exception {
        try (var pair = SocketPair.stream();
                var file = Files.newByteChannel(Files.createTempFile(folder, "open", ""));
                Child child = sh("ls /proc/self/fd | tr '\\n' ' ' >&7")
                        .fd(7)
                        .with(4, pair.left())
                        .stdin(Stdio.ignore())
                        .spawn()) {
            assertThat(file.isOpen()).isTrue();
            // ls itself has its folder open on the lowest free number, which is 3
            assertThat(readToEnd(child.socket())).isEqualTo("0 1 2 3 4 7 ");
        }
    }

    @Test
    void descriptors_may_stand_where_ours_stand_swapped() throws Exception {
        try (var pair = SocketPair.stream();
                var left = pair.left().borrow();
                var right = pair.right().borrow();
                Child child = sh("for fd in " + left.fd() + " " + right.fd()
                                + "; do readlink /proc/self/fd/$fd; done >&0")
                        .fd(0)
                        .with(left.fd(), pair.right())
                        .with(right.fd(), pair.left())
                        .spawn()) {
            String expected = link(right.fd()) + "\n" + link(left.fd()) + "\n";

            assertThat(readToEnd(child.socket())).isEqualTo(expected);
        }
    }

    @Test
    void the_end_may_be_the_standard_input() throws Exception {
        try (Child child = Command.of("sh", "-c", "cat >&0").fd(0).spawn()) {
            child.socket().write(UTF_8.encode("through cat"));
            child.socket().shutdownOutput();

            assertThat(readToEnd(child.socket())).isEqualTo("through cat");
        }
    }

    @Test
    void an_exit_code_and_a_signal_are_told_apart() throws Exception {
        try (Child exits = sh("exit 7").spawn();
                Child dies = sh("kill -USR1 $$").spawn()) {
            assertThat(exits.waitFor()).isEqualTo(new Exit.Exited(7));
            assertThat(dies.waitFor()).isEqualTo(new Exit.Signaled(Signal.USR1.number(), false));
            assertThat(exits.waitFor().shellCode()).isEqualTo(7);
            assertThat(dies.waitFor().shellCode()).isEqualTo(128 + 10);
        }
    }

    @Test
    void a_child_that_ends_is_reaped_though_nobody_waits() throws Exception {
        try (Child child = sh("exit 0").spawn()) {
            Exit exit = child.onExit().get(10, TimeUnit.SECONDS);

            assertThat(exit).isEqualTo(new Exit.Exited(0));
            assertThat(Path.of("/proc/" + child.pid())).doesNotExist();
            assertThat(child.isAlive()).isFalse();
            assertThat(child.signal(Signal.TERM)).isFalse();
        }
    }

    @Test
    void a_wait_ends_at_its_deadline() throws Exception {
        try (Child child = sh("read line <&3").spawn()) {
            assertThatThrownBy(() -> child.waitFor(Deadline.after(Duration.ofMillis(50))))
                    .isInstanceOf(TimeoutException.class);
            assertThat(child.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_wait_ends_when_its_deadline_is_expired_and_the_child_goes_on(boolean virtual) throws Exception {
        try (Child child = sh("read line <&3; exit 7").spawn()) {
            var deadline = new MovableDeadline(Deadline.never());
            var waiting = new FutureTask<>(() -> child.waitFor(deadline));
            (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(waiting);

            deadline.expire();

            assertThatThrownBy(waiting::get).hasCauseInstanceOf(TimeoutException.class);
            child.socket().write(ByteBuffer.wrap(new byte[] {'\n'}));
            deadline.moveTo(Deadline.never());
            assertThat(child.waitFor(deadline)).isEqualTo(new Exit.Exited(7));
        }
    }

    @Test
    void close_lets_a_child_that_reads_end_by_itself() throws Exception {
        Child child = sh("cat <&3 >/dev/null; exit 3").spawn();

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(3));
        assertThat(child.socket().isOpen()).isFalse();
    }

    @Test
    @NotInShortRuns("ClosingTest.without_any_patience_SIGKILL_comes_at_once")
    void close_ends_a_child_that_does_not_listen() throws Exception {
        Child child =
                sh("trap '' TERM; echo ready >&3; while :; do sleep 1; done").spawn();
        assertThat(child.socket().read(ByteBuffer.allocate(16))).isEqualTo(6);

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
    }

    @Test
    void a_signal_to_the_group_reaches_what_the_child_started() throws Exception {
        try (Child child = sh("sleep 600 & echo $! >&3; wait").processGroup().spawn()) {
            var line = ByteBuffer.allocate(32);
            int length = child.socket().read(line);
            var grandchild = Path.of("/proc", new String(line.array(), 0, length - 1, UTF_8));

            assertThat(child.signalGroup(Signal.TERM)).isTrue();

            assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false));
            assertThat(readToEnd(child.socket())).isEmpty(); // which the grandchild's copy would keep from coming
            Await.until(() -> hasEnded(grandchild), Duration.ofSeconds(20)); // it lets go of its descriptors before
        }
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.SIGNAL_32)
    void signals_are_as_in_a_new_process() throws Exception {
        try (Child child = sh("grep -E 'Sig(Blk|Ign)' /proc/self/status >&3").spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
        }
    }

    @Test
    void the_environment_is_ours_with_the_changes_asked_for() throws Exception {
        try (Child child = sh("echo \"$PATH|$ADDED|${HOME-gone}\" >&3")
                .environment("ADDED", "新")
                .withoutEnvironment("HOME")
                .spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo(System.getenv("PATH") + "|新|gone\n");
        }
    }

    @Test
    void the_working_directory_is_the_one_asked_for() throws Exception {
        try (Child child = sh("pwd -P >&3").directory(folder).spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo(folder.toRealPath() + "\n");
        }
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void a_command_that_does_not_exist_names_itself_and_the_error() {
        assertFails(Command.of("/no/such/command"), "posix_spawn", "ENOENT", "/no/such/command");
        assertFails(Command.of("no-such-command-anywhere"), "posix_spawn", "ENOENT", "no-such-command-anywhere");
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void a_command_that_is_not_executable_or_a_folder_names_itself_and_the_error() throws Exception {
        Path file = Files.writeString(folder.resolve("not-executable"), "#!/bin/sh\n");

        assertFails(Command.of(file.toString()), "posix_spawn", "EACCES", file.toString());
        assertFails(Command.of(folder.toString()), "posix_spawn", "EACCES", folder.toString());
    }

    @Test
    @FailsWhenEmulated(FailsWhenEmulated.Fault.EXEC_ERRORS)
    void a_working_directory_that_is_gone_is_named() throws Exception {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Files.delete(gone);

        assertFails(sh("exit 0").directory(gone), "chdir", "ENOENT", gone.toString());
    }

    @Test
    void callers_mistakes_are_refused_before_any_call() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThatThrownBy(() -> Command.of("a\0b")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Command.of("true", "\ud800")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Command.of("true").fd(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Command.of("true").environment("A=B", "c"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Command.of("true").with(3, pair.left()).spawn())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_child_that_closes_its_end_at_once_is_the_end_of_the_stream() throws Exception {
        try (Child child = sh("exec 3<&-; exec sleep 600").spawn()) {
            assertThat(child.socket().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThatThrownBy(() -> child.socket().write(UTF_8.encode("to nobody")))
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
            assertThat(child.signal(Signal.KILL)).isTrue();
        }
    }

    @Test
    void a_child_that_never_reads_does_not_hang_a_writer_with_a_deadline() throws Exception {
        try (Child child = sh("exec sleep 600").spawn()) {
            var much = ByteBuffer.allocate(8 << 20);

            assertThatThrownBy(() -> child.socket().write(much, Deadline.after(Duration.ofMillis(100))))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(much.position()).isPositive().isLessThan(much.limit());
            assertThat(child.signal(Signal.KILL)).isTrue();
        }
    }

    @Test
    void a_child_that_dies_in_mid_message_leaves_what_it_had_sent() throws Exception {
        try (Child child = sh("printf half >&3; kill -KILL $$").spawn()) {
            assertThat(readToEnd(child.socket())).isEqualTo("half");
            assertThat(child.waitFor()).isEqualTo(new Exit.Signaled(Signal.KILL.number(), false));
        }
    }

    @Test
    void the_kill_of_a_child_ends_a_write_that_is_waiting() throws Exception {
        try (Child child = sh("exec sleep 600").spawn()) {
            var failure = new FutureTask<>(() -> child.socket().write(ByteBuffer.allocate(8 << 20)));
            Thread writer = Thread.ofPlatform().start(failure);
            while (child.socket().waiters() == 0) {
                Thread.onSpinWait();
            }

            assertThat(child.signal(Signal.KILL)).isTrue();

            assertThatThrownBy(() -> failure.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isIn(Errno.EPIPE, Errno.ECONNRESET));
            writer.join();
        }
    }

    @Test
    void spawns_from_a_virtual_thread() throws Exception {
        var task = new FutureTask<>(() -> {
            try (Child child = sh("echo from the child >&3").spawn()) {
                return readToEnd(child.socket());
            }
        });
        Thread.ofVirtual().start(task);

        assertThat(task.get()).isEqualTo("from the child\n");
    }

    /// Returns whether there is no such process, or a zombie.
    private static boolean hasEnded(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return true;
        }
    }
}
