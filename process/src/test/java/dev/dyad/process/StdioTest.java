package dev.dyad.process;

import static dev.dyad.process.Talk.answer;
import static dev.dyad.process.Talk.assertFails;
import static dev.dyad.process.Talk.readToEnd;
import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a child may have on its descriptors. Run by each way to keep from it what it is not to get.
@Tag("both")
@Timeout(60)
class StdioTest {

    @TempDir
    Path folder;

    @TempDir
    Path working;

    /// Has a child whose outputs are those of this process, one of them named twice.
    static final class Joins {
        public static void main(String[] arguments) throws Exception {
            try (Child child = sh("echo one; echo two >&2; echo three >&9")
                    .stderr(Stdio.sameAs(1))
                    .with(9, Stdio.sameAs(1))
                    .spawn()) {
                assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
            }
        }
    }

    @Test
    void the_standard_streams_may_be_pipes() throws Exception {
        try (Child child = Command.of("sh", "-c", "tr a-z A-Z; echo done >&2")
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.pipe())
                .spawn()) {
            child.stdin().write(UTF_8.encode("through"));
            child.stdin().close();

            assertThat(text(child, 1)).isEqualTo("THROUGH");
            assertThat(text(child, 2)).isEqualTo("done\n");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void a_pipe_can_be_opened_again_by_its_name() throws Exception {
        try (Child child = sh("echo out > /dev/stdout; echo err > /dev/stderr")
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(1))
                .spawn()) {
            assertThat(text(child, 1)).isEqualTo("out\n");
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
            assertThat(child.lastLines()).containsExactly("err");
        }
    }

    @Test
    void a_pipe_of_a_further_number_is_written_to_unless_it_is_said_to_lead_to_the_child() throws Exception {
        try (Child child = sh("cat <&7 > /proc/self/fd/200")
                .with(7, Stdio.pipeToChild())
                .with(200, Stdio.pipe())
                .spawn()) {
            child.pipe(7).write(UTF_8.encode("secret"));
            child.pipe(7).close();

            assertThat(text(child, 200)).isEqualTo("secret");
        }
    }

    @Test
    void the_childs_end_of_a_pipe_blocks() throws Exception {
        try (Child child = sh("sed -n 's/^flags:\\t*//p' /proc/self/fdinfo/0 /proc/self/fdinfo/1 >&3")
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .spawn()) {
            assertThat(child.stdout().tryRead(ByteBuffer.allocate(1))).isIn(0, -1);
            assertThat(readToEnd(child.socket()).lines())
                    .hasSize(2)
                    .allMatch(flags -> (Integer.parseInt(flags, 8) & 0x800) == 0);
        }
    }

    @Test
    void a_read_of_a_pipe_has_a_deadline() throws Exception {
        try (Child child = sh("read line <&3").stdout(Stdio.pipe()).spawn()) {
            assertThatThrownBy(() -> child.stdout().read(ByteBuffer.allocate(1), Deadline.after(Duration.ofMillis(20))))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void several_ends_of_pairs_are_told_apart() throws Exception {
        try (Child child = sh("cat <&4 >&4; cat <&5 >&5")
                .with(4, Stdio.pair())
                .with(5, Stdio.pair())
                .spawn()) {
            child.pair(5).write(UTF_8.encode("five"));
            child.pair(5).shutdownOutput();
            child.pair(4).write(UTF_8.encode("four"));
            child.pair(4).shutdownOutput();

            assertThat(readToEnd(child.pair(4))).isEqualTo("four");
            assertThat(readToEnd(child.pair(5))).isEqualTo("five");
        }
    }

    @Test
    void the_standard_input_may_be_a_pair() throws Exception {
        try (Child child = sh("cat >&0").withoutSocket().stdin(Stdio.pair()).spawn()) {
            child.pair(0).write(UTF_8.encode("both ways"));
            child.pair(0).shutdownOutput();

            assertThat(readToEnd(child.pair(0))).isEqualTo("both ways");
        }
    }

    @Test
    void files_are_read_created_emptied_and_added_to() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "text\n");
        Path out = Files.writeString(folder.resolve("out"), "what was there and is longer\n");
        Path log = Files.writeString(folder.resolve("log"), "first\n");

        run(Command.of("sh", "-c", "cat; echo second >&2; echo read $(cat <&5)")
                .stdin(Stdio.file(in))
                .stdout(Stdio.file(out))
                .stderr(Stdio.file(log, StandardOpenOption.APPEND))
                .with(5, Stdio.file(in, StandardOpenOption.READ)));

        assertThat(out).hasContent("text\nread text\n");
        assertThat(log).hasContent("first\nsecond\n");
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        Path gone = folder.resolve("gone");

        assertFails(sh("exit 0").stdin(Stdio.file(gone)), "open", "ENOENT", gone.toString());
    }

    @Test
    void both_outputs_may_go_one_way_in_their_order() throws Exception {
        try (Child child = sh("echo one; echo two >&2; echo three")
                .stdout(Stdio.pipe())
                .stderr(Stdio.sameAs(1))
                .spawn()) {
            assertThat(text(child, 1)).isEqualTo("one\ntwo\nthree\n");
        }
    }

    @Test
    void what_is_inherited_or_ignored_may_be_on_another_number_too() throws Exception {
        assertThat(JavaProbe.of(Joins.class).run().toString()).isEqualTo("exit 0\none\ntwo\nthree\n");
        assertThat(answer(sh("readlink /proc/$$/fd/1 /proc/$$/fd/8 | cat >&3")
                        .stdout(Stdio.ignore())
                        .with(8, Stdio.sameAs(1))))
                .isEqualTo("/dev/null\n/dev/null\n");
    }

    @Test
    void one_descriptor_may_be_given_twice_and_swapped_and_with_gaps() throws Exception {
        Path path = Files.createFile(folder.resolve("file")).toRealPath();
        var teller = new Teller(working);
        try (var file = Descriptor.open(path);
                var pair = SocketPair.stream();
                var one = pair.left().borrow();
                var other = pair.right().borrow();
                Child child = teller.command()
                        .fd(1)
                        .with(3, pair.right())
                        .with(4, pair.left())
                        .with(7, file)
                        .with(200, file)
                        .stdin(Stdio.ignore())
                        .stderr(Stdio.ignore())
                        .spawn()) {
            var told = teller.told(child.socket().inputStream());

            assertThat(told.remove(1)).startsWith("socket:");
            assertThat(told)
                    .isEqualTo(Map.of(
                            0, "/dev/null",
                            2, "/dev/null",
                            3, Talk.link(other.fd()),
                            4, Talk.link(one.fd()),
                            7, path.toString(),
                            200, path.toString()));
        }
    }

    @Test
    void what_cannot_be_meant_is_refused_and_leaves_nothing() throws Exception {
        Command command = sh("exit 0").with(7, Stdio.pipe());

        assertRefused(
                command.with(9, Stdio.inherit()),
                "of this process's descriptors a child inherits 0, 1 and 2, not 9: give it one of yours");
        assertRefused(
                sh("exit 0").stderr(Stdio.sameAs(4)),
                "descriptor 2 is to be the same as 4, which the child is not given");
        assertRefused(
                sh("exit 0").stderr(Stdio.sameAs(2)),
                "descriptor 2 is to be the same as 2, which the child is not given");
        assertRefused(sh("exit 0").fd(0).stdin(Stdio.pipe()), "descriptor 0 is given twice");
        assertThatThrownBy(() -> Stdio.sameAs(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Stdio.lastLines(0)).isInstanceOf(IllegalArgumentException.class);
        var pair = SocketPair.stream();
        pair.close();
        assertThatThrownBy(sh("exit 0").stdout(Stdio.pair()).with(6, pair.left())::spawn)
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void what_the_child_was_not_given_is_not_there() throws Exception {
        try (Child child = sh("exit 0").spawn()) {
            assertThatThrownBy(child::stdin)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this child was not given a pipe as descriptor 0");
            assertThatThrownBy(child::lastLines).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> child.pair(4)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void close_lets_a_child_that_reads_a_pipe_or_a_pair_end_by_itself() throws Exception {
        Child child = sh("cat >/dev/null; cat <&6 >/dev/null; exit 3")
                .withoutSocket()
                .stdin(Stdio.pipe())
                .with(6, Stdio.pair())
                .spawn();

        child.close();

        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(3));
        assertThat(child.stdin().isOpen()).isFalse();
        assertThat(child.pair(6).isOpen()).isFalse();
    }

    private static void run(Command command) throws Exception {
        try (Child child = command.withoutSocket().spawn()) {
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    private static String text(Child child, int number) throws IOException {
        return new String(child.pipe(number).inputStream().readAllBytes(), UTF_8);
    }

    private static void assertRefused(Command command, String message) {
        assertThatThrownBy(command::spawn)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void two_that_are_the_same_as_each_other_change_places() throws Exception {
        var result = JavaProbe.of(Swaps.class).run();

        assertThat(result.outText()).isEqualTo("err\n");
        assertThat(result.errText()).isEqualTo("out\n");
    }

    static final class Swaps {
        public static void main(String[] arguments) throws Exception {
            var command = sh("echo out; echo err >&2").stdout(Stdio.sameAs(2)).stderr(Stdio.sameAs(1));
            try (Child child = command.spawn()) {
                var _ = child.waitFor();
            }
        }
    }

    @Test
    void the_highest_number_that_there_is_may_be_given() throws Exception {
        var result = JavaProbe.of(Highest.class).descriptors(20_000).run();

        assertThat(result.errText()).isEmpty();
        assertThat(result.outText()).isEqualTo("said");
    }

    static final class Highest {
        public static void main(String[] arguments) throws Exception {
            var command = Command.of("python3", "-c", "import os; os.write(19999, b'said')")
                    .with(19_999, Stdio.pipe())
                    .withoutSocket();
            try (Child child = command.spawn()) {
                System.out.print(new String(child.pipe(19_999).inputStream().readAllBytes(), UTF_8));
            }
        }
    }
}
