package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptor;
import dev.dyad.harness.Descriptors;
import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.JavaProbe;
import dev.dyad.process.inherited.InheritedSocketLookup;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InheritedTest {

    /// Says by its end what it found.
    static final class FindsItsEnd {
        public static void main(String[] arguments) throws Exception {
            Descriptor before = Objects.requireNonNull(Descriptors.open().get(3));
            StreamSocket end = Inherited.socket();
            Descriptor after = Objects.requireNonNull(Descriptors.open().get(3));
            boolean same = Inherited.socket() == end;
            String text = "%s %s %s|%s".formatted(before.closeOnExec(), after.closeOnExec(), same, ofItsChild());
            end.write(UTF_8.encode(text));
        }

        private static String ofItsChild() throws IOException {
            try (var pair = SocketPair.stream()) {
                try (Child child = Talk.sh("env | grep ^DYAD_ >&4; printf '%s ' /proc/self/fd/* >&4")
                        .withoutSocket()
                        .with(4, pair.left())
                        .spawn()) {
                    assertThat(child.isAlive()).isIn(true, false);
                    pair.left().close();
                    return Talk.readToEnd(pair.right());
                }
            }
        }
    }

    @Test
    void a_java_child_finds_its_end_which_is_nobody_elses_from_then_on() throws Exception {
        // 4 was given to it, and 3 is the folder that the shell lists
        assertThat(Talk.answer(Command.of(JavaProbe.of(FindsItsEnd.class).command())))
                .isEqualTo("false true true|/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3"
                        + " /proc/self/fd/4 ");
    }

    @ParameterizedTest(name = "DYAD_FD={0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "three | IllegalStateException: DYAD_FD is not a number: \"three\"",
                "'' | IllegalStateException: DYAD_FD is not a number: \"\"",
                "-1 | IllegalStateException: DYAD_FD is not a number: \"-1\"",
                "2147483648 | IllegalStateException: DYAD_FD is out of range: 2147483648",
                "9999 | SystemCallException: fstat: descriptor 9999: Bad file descriptor (EBADF)",
                "3 | SystemCallException: fstat: descriptor 3: Socket operation on non-socket (ENOTSOCK)",
                "1 | SystemCallException: fstat: descriptor 1: Socket operation on non-socket (ENOTSOCK)",
            })
    @FirstInShortRuns
    void a_number_that_proves_nothing_is_refused_in_a_sentence(String number, String sentence) throws Exception {
        var result = JavaProbe.of(TakesItsEnd.class)
                .environment(InheritedSocketLookup.FD, number)
                .environment(InheritedSocketLookup.INODE, "1")
                .run();

        assertThat(result.outText()).isEqualTo(sentence + "\nas before\n");
    }

    @Test
    void a_process_that_nobody_gave_anything_is_told_so() throws Exception {
        var result = JavaProbe.of(TakesItsEnd.class)
                .withoutEnvironment(InheritedSocketLookup.FD)
                .withoutEnvironment(InheritedSocketLookup.INODE)
                .run();

        assertThat(result.outText()).isEqualTo("""
                        IllegalStateException: this process was given no end: NODE_CHANNEL_FD is not set; LISTEN_FDS\
                         passes nothing to this process; fstat: standard input: Socket operation on non-socket\
                         (ENOTSOCK); no variable of the environment names a descriptor of it, as DYAD_FD does in\
                         a child that Command.spawn() or JavaCommand.spawn() started
                        as before
                        """);
    }

    @Test
    void a_number_without_its_inode_is_not_enough() throws Exception {
        var result = JavaProbe.of(TakesItsEnd.class)
                .environment(InheritedSocketLookup.FD, "3")
                .withoutEnvironment(InheritedSocketLookup.INODE)
                .run();

        assertThat(result.outText())
                .startsWith("IllegalStateException: DYAD_INODE is not set: to start this program without Dyad");
    }

    @Test
    void another_socket_is_not_taken_and_stays_as_it_was() throws Exception {
        try (var out = SocketPair.stream();
                var other = SocketPair.stream();
                Child child = Command.of(JavaProbe.of(TakesItsEnd.class).command())
                        .withoutSocket()
                        .with(1, out.left())
                        .with(5, other.left())
                        .environment(InheritedSocketLookup.FD, "5")
                        .environment(InheritedSocketLookup.INODE, "1")
                        .spawn()) {
            out.left().close();

            assertThat(Talk.readToEnd(out.right()))
                    .isEqualTo("SystemCallException: fstat: descriptor 5 is a socket, but not the one with inode 1:"
                            + " Bad file descriptor (EBADF)\nas before\n");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void adopting_takes_the_socket_with_that_inode_and_no_other() throws Exception {
        try (var pair = SocketPair.stream();
                var fd = pair.left().borrow()) {
            long inode = SocketCalls.inode(fd.fd());

            assertThatThrownBy(() -> Inherited.adopt(fd.fd(), inode + 1))
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
            assertThat(Talk.link(fd.fd())).isEqualTo("socket:[" + inode + "]");
        }
    }
}
