package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgramsTest {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
    }

    @Test
    void what_a_program_says_on_stderr_is_handed_on() throws Exception {
        assertThat(Programs.output(List.of("sh", "-c", "echo 5; echo careful >&2")))
                .isEqualTo("5");
        assertThat(complaints).hasToString("careful\n");
    }

    @Test
    void so_is_what_one_says_that_fails() {
        assertThatThrownBy(() -> Programs.output(List.of("sh", "-c", "echo broken >&2; exit 3")))
                .hasMessage("sh -c echo broken >&2; exit 3: exit code 3");
        assertThat(complaints).hasToString("broken\n");
    }

    @Test
    void what_is_too_long_to_read_is_left_out() {
        assertThatThrownBy(() -> Programs.output(List.of("sh", "-c", "exit 3; : " + "x".repeat(80))))
                .hasMessage("sh -c …: exit code 3");
    }

    @Test
    void what_is_no_figure_is_told_with_who_printed_it() {
        assertThatThrownBy(() ->
                        Programs.figure(List.of("printf", "\\033[2Jhello")).measure())
                .hasMessage("printf printed \"?[2Jhello\", and no figure");
        assertThatThrownBy(() -> new PrintedFigures().take("who", List.of("echo", "hello world")))
                .hasMessage("echo printed \"hello world\", and no figure");
        assertThatThrownBy(() -> new PrintedFigures().take("who", List.of("echo", "p50=x")))
                .hasMessage("echo printed \"x\", and no figure");
    }

    @Test
    void a_descendant_that_lives_on_keeps_nobody_waiting() throws Exception {
        String script = "sleep 1000 & echo $!";
        String pid = Programs.output(List.of("sh", "-c", script));
        assertThat(ProcessHandle.of(Long.parseLong(pid))).get().satisfies(ProcessHandle::destroyForcibly);

        double _ = Programs.millis(List.of("sh", "-c", "sleep 1000 & echo $! >&2"), Map.of());
        assertThat(ProcessHandle.of(Long.parseLong(
                        complaints.toString(StandardCharsets.UTF_8).strip())))
                .get()
                .satisfies(ProcessHandle::destroyForcibly);
    }

    @Test
    void one_that_waits_may_be_interrupted() throws Exception {
        var waiting = new Thread(() -> assertThatThrownBy(() -> Programs.output(List.of("sleep", "1000")))
                .isInstanceOf(InterruptedException.class));
        waiting.start();
        waiting.interrupt();
        waiting.join();
    }
}
