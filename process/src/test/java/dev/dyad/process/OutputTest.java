package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A command that is run to its end.
@Tag("both")
@Timeout(60)
class OutputTest {

    @TempDir
    Path folder;

    @Test
    void it_is_all_that_was_written_with_the_exit() throws Exception {
        Output output =
                sh("echo one; echo warning >&2; echo zwei ü; cat; exit 3").output();

        assertThat(output.text()).isEqualTo("one\nzwei ü\n");
        assertThat(output.bytes()).hasSize(12);
        assertThat(output.lastLines()).containsExactly("warning");
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
        assertThat(output.lastLines()).hasSize(100).endsWith("299999", "300000");
    }

    @Test
    void too_much_ends_the_child_and_is_an_error() {
        assertThatThrownBy(() -> sh("exec cat /dev/zero").output())
                .isInstanceOf(IOException.class)
                .hasMessage("more than 67108864 bytes of output");
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
