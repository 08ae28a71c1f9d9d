package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.MovableDeadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A command that is run to its end.
@Tag("both")
@Timeout(60)
class OutputTest {

    @TempDir
    Path folder;

    @Test
    void the_output_is_all_that_was_written_and_the_exit() throws Exception {
        Output output =
                sh("echo one; echo warning >&2; echo zwei ü; cat; exit 3").output();

        assertThat(output.text()).isEqualTo("one\nzwei ü\n");
        assertThat(output.bytes()).hasSize(12);
        assertThat(output.errorLines()).containsExactly("warning");
        assertThat(output.exit()).isEqualTo(new Exit.Exited(3));
        assertThat(output.isSuccess()).isFalse();
        assertThat(output).hasToString("Exited[code=3]: warning");
    }

    @Test
    void a_success_is_one() throws Exception {
        Output output = Command.of("true").output();

        assertThat(output.isSuccess()).isTrue();
        assertThat(output.bytes()).isEmpty();
        assertThat(output).hasToString("Exited[code=0]");
    }

    @Test
    void much_of_both_locks_nobody() throws Exception {
        Output output = sh("seq 1 300000; seq 1 300000 >&2; seq 1 300000").output();

        assertThat(output.text().lines()).hasSize(600_000).endsWith("299999", "300000");
        assertThat(output.errorLines()).hasSize(100).endsWith("299999", "300000");
    }

    @Test
    void too_much_ends_the_child_and_is_an_error() {
        assertThatThrownBy(() -> sh("exec cat /dev/zero").output())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("more than 67108864 bytes of output: ");
    }

    @Test
    void a_process_that_is_left_behind_is_not_waited_for() throws Exception {
        Output output = sh("{ sleep 600 & } ; echo $!").output();

        assertThat(ProcessHandle.of(Long.parseLong(output.text().strip()))
                        .orElseThrow()
                        .destroyForcibly())
                .isTrue();
    }

    @Test
    void a_deadline_ends_the_child() {
        assertThatThrownBy(() -> sh("exec sleep 600").output(Deadline.after(Duration.ofMillis(50))))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void a_deadline_tells_what_was_written_so_far() {
        var deadline = new MovableDeadline(Deadline.never());
        Command command = sh("echo so far; echo late >&2; echo now >&7; exec sleep 600")
                .with(7, Stdio.lines(line -> deadline.expire()));

        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(() -> command.output(deadline))
                .withMessageMatching(
                        "(?s)sh had not ended after \\d+ ms, and was ended" + " with 7 bytes of output: .*: late")
                .satisfies(late -> {
                    assertThat(late.output().text()).isEqualTo("so far\n");
                    assertThat(late.output().errorLines()).containsExactly("late");
                    assertThat(late.output().exit()).isEqualTo(new Exit.Signaled(9, false));
                });
    }

    @Test
    void as_many_lines_of_its_errors_are_kept_as_was_said() throws Exception {
        Output output =
                sh("echo first >&2; echo last >&2").stderr(Stdio.lastLines(1)).output();

        assertThat(output.errorLines()).containsExactly("last");
    }

    @Test
    void a_deadline_tells_of_output_that_was_too_much() {
        var deadline = new MovableDeadline(Deadline.never());
        Command command = sh("printf 123456; echo now >&7; exec sleep 600")
                .with(7, Stdio.lines(line -> deadline.expire()))
                .maxOutput(5);

        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(() -> command.output(deadline))
                .withMessageContaining("and was ended with its output lost (more than 5 bytes of output: ")
                .satisfies(late -> assertThat(late.output().bytes()).isEmpty());
    }

    @Test
    void what_was_written_until_a_deadline_can_be_serialized() throws Exception {
        var output = new Output(
                new Exit.Exited(3), "text".getBytes(UTF_8), List.of("a", "b").subList(0, 1));
        var written = new ByteArrayOutputStream();
        try (var stream = new ObjectOutputStream(written)) {
            stream.writeObject(new OutputTimeoutException("late", output));
        }

        try (var stream = new ObjectInputStream(new ByteArrayInputStream(written.toByteArray()))) {
            Output read = ((OutputTimeoutException) stream.readObject()).output();
            assertThat(read.text()).isEqualTo("text");
            assertThat(read.exit()).isEqualTo(new Exit.Exited(3));
            assertThat(read.errorLines()).containsExactly("a");
        }
    }

    @Test
    void patience_that_was_said_is_kept_at_a_deadline() {
        var deadline = new MovableDeadline(Deadline.never());
        Command command = sh("trap 'exit 5' TERM; echo ready >&2; while :; do sleep 0.01; done")
                .patience(Duration.ZERO, Duration.ofSeconds(60))
                .stderr(Stdio.lines(line -> deadline.expire()));

        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(() -> command.output(deadline))
                .satisfies(late -> assertThat(late.output().exit()).isEqualTo(new Exit.Exited(5)));
    }

    @Test
    void the_usual_patience_is_kept_too_where_it_was_said() {
        var deadline = new MovableDeadline(Deadline.never());
        Command command = sh("echo ready >&2; exec sleep 600")
                .patience(Duration.ofSeconds(2), Duration.ofSeconds(2))
                .stderr(Stdio.lines(line -> deadline.expire()));

        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(() -> command.output(deadline))
                .satisfies(late ->
                        assertThat(late.output().exit()).isEqualTo(new Exit.Signaled(Signal.TERM.number(), false)));
    }

    @Test
    void the_time_that_is_told_is_what_has_passed() {
        var deadline = new MovableDeadline(Deadline.never());
        Command command = sh("echo ready >&2; exec sleep 600").stderr(Stdio.lines(line -> deadline.expire()));

        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(() -> command.output(deadline))
                .withMessageMatching("(?s).* had not ended after \\d{1,6} ms.*"); // and not for ever
    }

    @Test
    void a_time_that_its_input_has_is_not_the_command_s() {
        var failure = new SocketTimeoutException("of the input");
        ReadableByteChannel input = input(target -> {
            throw failure;
        });

        assertThatThrownBy(() -> Command.of("cat").output(input, Deadline.never()))
                .isSameAs(failure);
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1})
    void a_deadline_ends_what_is_read_in_small_pieces_without_end(int length) {
        var deadline = new MovableDeadline(Deadline.never());
        ReadableByteChannel input = input(target -> {
            deadline.expire();
            return piece(target, length);
        });

        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(() -> sh("exec cat >/dev/null").output(input, deadline))
                .satisfies(late -> assertThat(late.output().exit()).isEqualTo(new Exit.Signaled(9, false)));
    }

    /// It would do its work with a part of its input.
    @Test
    void a_command_that_is_late_does_not_take_that_for_the_end_of_its_input() {
        for (int i = 0; i < 20; i++) {
            var deadline = new MovableDeadline(Deadline.never());
            var reads = new CompletableFuture<String>();
            ReadableByteChannel input = input(target -> {
                String _ = reads.join();
                deadline.expire();
                return piece(target, 1);
            });
            Command command = sh("echo reads >&2; read x").stderr(Stdio.lines(reads::complete));

            assertThatExceptionOfType(OutputTimeoutException.class)
                    .isThrownBy(() -> command.output(input, deadline))
                    .satisfies(late -> assertThat(late.output().exit()).isEqualTo(new Exit.Signaled(9, false)));
        }
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1})
    void an_interrupt_ends_what_is_read_in_small_pieces_without_end(int length) {
        ReadableByteChannel input = input(target -> {
            Thread.currentThread().interrupt();
            return piece(target, length);
        });

        assertThatThrownBy(() -> sh("exec cat >/dev/null").output(input, Deadline.never()))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1})
    void a_command_that_has_ended_ends_what_is_read_in_small_pieces_without_end(int length) throws Exception {
        var left = new AtomicLong();
        Command command = sh("exec 4<&0; cat <&4 >/dev/null 2>&1 & echo $! >&2; echo done")
                .stderr(Stdio.lines(pid -> left.set(Long.parseLong(pid))));
        try {
            Output output = command.output(input(target -> piece(target, length)), Deadline.never());

            assertThat(output.text()).isEqualTo("done\n");
        } finally {
            ProcessHandle.of(left.get()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void an_input_that_has_nothing_now_and_then_is_read_on() throws Exception {
        var reads = new AtomicInteger();
        ReadableByteChannel input = input(target -> switch (reads.incrementAndGet()) {
            case 3, 5 -> piece(target, 1);
            case 7 -> -1;
            default -> 0;
        });

        assertThat(Command.of("cat").output(input, Deadline.never()).text()).isEqualTo("xx");
        assertThat(reads).hasValue(7);
    }

    @Test
    void a_non_blocking_input_is_refused() throws Exception {
        Path ran = folder.resolve("ran");
        java.nio.channels.Pipe pipe = java.nio.channels.Pipe.open();
        try (var source = pipe.source();
                var _ = pipe.sink()) {
            source.configureBlocking(false);

            assertThatThrownBy(() -> Command.of("touch", ran.toString()).output(source, Deadline.never()))
                    .isInstanceOf(IllegalBlockingModeException.class);
        }
        assertThat(ran).doesNotExist();
    }

    private static int piece(ByteBuffer target, int length) {
        target.put("x".repeat(length).getBytes(UTF_8));
        return length;
    }

    /// What reads into a buffer as a channel does.
    private interface Reading {
        int read(ByteBuffer target) throws IOException;
    }

    private static ReadableByteChannel input(Reading reading) {
        return new ReadableByteChannel() {

            @Override
            public int read(ByteBuffer target) throws IOException {
                return reading.read(target);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void input_is_read_as_it_likes() throws Exception {
        var much = new byte[1 << 20];
        Arrays.fill(much, (byte) 'x');

        assertThat(Command.of("cat").output(much).bytes()).isEqualTo(much);
        assertThat(sh("seq 1 100000; cat")
                        .output(much, Deadline.after(Duration.ofSeconds(60)))
                        .bytes())
                .hasSize(588895 + much.length);
        assertThat(Command.of("cat").output(new byte[0]).bytes()).isEmpty();
        assertThat(sh("exec <&-; echo done").output(much).text()).isEqualTo("done\n");
        assertThat(Command.of("true").output(much).isSuccess()).isTrue();
    }

    @Test
    void input_may_come_from_a_channel() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "text\n");

        try (var channel = FileChannel.open(in)) {
            assertThat(Command.of("cat").output(channel, Deadline.never()).text())
                    .isEqualTo("text\n");
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void input_that_nobody_takes_ends_at_the_deadline() {
        assertThatExceptionOfType(OutputTimeoutException.class)
                .isThrownBy(
                        () -> sh("exec sleep 600").output(new byte[1 << 20], Deadline.after(Duration.ofMillis(50))));
    }

    @Test
    void an_interrupt_ends_a_write_of_input() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> sh("exec sleep 600").output(new byte[1 << 20]))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void what_is_kept_may_be_limited() throws Exception {
        assertThat(sh("printf 12345").maxOutput(5).output().text()).isEqualTo("12345");
        assertThatThrownBy(() -> sh("printf 123456").maxOutput(5).output())
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "more than 5 bytes of output: allow more by maxOutput(), or read it as it comes from a pipe");
        assertThatThrownBy(() -> sh("true").maxOutput(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_nobody_could_talk_by_is_refused_before_anything_runs() {
        Path ran = folder.resolve("ran");
        for (Stdio unattended : List.of(Stdio.pipe(), Stdio.pipeToChild(), Stdio.pair())) {
            for (int number : new int[] {0, 2, 7}) {
                Command command = Command.of("touch", ran.toString()).with(number, unattended);
                assertThatIllegalStateException()
                        .isThrownBy(command::output)
                        .withMessageContaining("on descriptor " + number)
                        .withMessageContaining("output(input)");
            }
        }
        assertThat(ran).doesNotExist();
        assertThatIllegalStateException()
                .isThrownBy(() -> Command.of("cat").stdin(Stdio.ignore()).output(new byte[1]));
    }

    @Test
    void an_interrupt_ends_the_child() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> sh("exec sleep 600").output()).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void what_was_said_of_its_descriptors_holds() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "text\n");
        Command command = sh("cat; echo err >&2; echo more >&5")
                .stdin(Stdio.file(in))
                .stderr(Stdio.sameAs(1))
                .with(5, Stdio.sameAs(1));

        assertThat(command.output().text()).isEqualTo("text\nerr\nmore\n");
        assertThat(command.output().text()).isEqualTo("text\nerr\nmore\n");
        assertThatThrownBy(() -> command.stdout(Stdio.pipe()).output()).isInstanceOf(IllegalStateException.class);
    }
}
