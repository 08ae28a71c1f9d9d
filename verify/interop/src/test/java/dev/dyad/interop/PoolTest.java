package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./dyad pool`: a pool of workers from the shell.
@Sampled
@Timeout(60)
class PoolTest {

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built() throws Exception {
        assertThat(dyad("--version").run().code()).isZero();
    }

    private static Launcher.Run pool(String input, String... arguments) throws Exception {
        return dyad(Stream.concat(Stream.of("pool"), Stream.of(arguments)).toArray(String[]::new))
                .run(input.getBytes(UTF_8));
    }

    @Test
    void each_line_is_answered_in_the_order_of_the_lines() throws Exception {
        String lines = IntStream.rangeClosed(1, 1000).mapToObj(i -> i + "\n").collect(joining());

        Launcher.Run run = pool(
                lines,
                "--workers",
                "4",
                "--",
                "python3",
                PhpRuns.ROOT.resolve("children/worker.py").toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.text()).isEqualTo(lines);
        assertThat(run.code()).isZero();
    }

    @Test
    void the_line_of_the_pages_prints_what_it_was_given() throws Exception {
        String line = "seq 1000 | ./dyad pool --workers 4 -- python3 children/worker.py";
        assertThat(Launcher.ROOT.resolve("README.md")).content().contains(line);
        assertThat(Launcher.ROOT.resolve("docs/guide/pools.md")).content().contains(line);

        assertThat(PhpRuns.shell(line))
                .isEqualTo(new PhpRuns.Output(0, PhpRuns.shell("seq 1000").out(), ""));
    }

    @Test
    void workers_are_asked_over_their_standard_streams() throws Exception {
        Launcher.Run run = pool("a\nb\n", "--stdio", "--wire", "lines", "--", "sed", "-u", "s/a/c/");

        assertThat(run.text()).isEqualTo("c\nb\n");
    }

    @Test
    void numbered_workers_are_asked_several_requests_at_once() throws Exception {
        String line = "seq 1000 | ./dyad pool --exchange numbered --at-once 4 -- python3 children/numbered.py";
        assertThat(Launcher.ROOT.resolve("docs/guide/pools.md")).content().contains(line);

        assertThat(PhpRuns.shell(line))
                .isEqualTo(new PhpRuns.Output(0, PhpRuns.shell("seq 1000").out(), ""));
    }

    @Test
    void an_error_of_a_numbered_worker_is_told_and_the_others_are_answered() throws Exception {
        Launcher.Run run = pool(
                "a\nfail\nb\n", "--exchange", "numbered", "--workers", "1", "--", "python3", inChildren("numbered.py"));

        assertThat(run.text()).isEqualTo("A\nB\n");
        assertThat(run.err()).isEqualTo("dyad pool: line 2: ValueError: no answer to this; it may have run\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void a_worker_of_goridges_is_asked_over_its_wire() throws Exception {
        Interpreters.require("php");
        Launcher.Run run = pool(
                "a\nb\n",
                "--exchange",
                "goridge",
                "--wire",
                "goridge",
                "--workers",
                "1",
                "--",
                "php",
                inChildren("worker_goridge.php"));

        assertThat(run.text().lines()).contains("A", "B"); // and what it prints
        assertThat(run.code()).isZero();
    }

    private static String inChildren(String file) {
        return PhpRuns.ROOT.resolve("children").resolve(file).toString();
    }

    @Test
    void more_than_one_request_at_once_is_refused_where_they_have_no_numbers() throws Exception {
        Launcher.Run run = pool("", "--at-once", "2", "--", "true");

        assertThat(run.err()).contains("only with numbered requests");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void a_worker_that_always_fails_is_told() throws Exception {
        Launcher.Run run = pool("a\n", "--workers", "1", "--", "sh", "-c", "exit 3");

        assertThat(run.err()).contains("worker 0: ", "code=3").contains("line 1: ");
        assertThat(run.text()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void a_worker_that_fails_again_and_again_in_the_same_way_is_told_once() throws Exception {
        Launcher.Run run = pool("a\n".repeat(200), "--workers", "2", "--", "sh", "-c", "exit 3");

        assertThat(run.err().lines().filter(line -> line.startsWith("dyad pool: worker 0: ")))
                .hasSize(1);
        assertThat(run.err().lines().filter(line -> line.startsWith("dyad pool: worker 1: ")))
                .hasSize(1);
        assertThat(run.err()).contains("dyad pool: every worker fails: ").contains("dyad pool: line 1: ");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void a_worker_that_does_not_answer_is_replaced() throws Exception {
        Launcher.Run run = pool("a\n", "--workers", "1", "--seconds", "1", "--", "sleep", "100");

        assertThat(run.err()).contains("line 1: the deadline has passed").contains("worker 0 is replaced");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void how_long_requests_waited_and_ran_is_told_at_the_end() throws Exception {
        Launcher.Run run = pool("a\nb\n", "--statistics", "--stdio", "--wire", "lines", "--workers", "2", "--", "cat");

        assertThat(run.text()).isEqualTo("a\nb\n");
        assertThat(run.err())
                .containsPattern("dyad pool: 2 answered, 0 failed; workers: [12] started, 0 failed, 0 replaced\n")
                .containsPattern("dyad pool: waited: p50 \\S+ \\S+, p99 \\S+ \\S+, max \\S+ \\S+\n")
                .contains("dyad pool: ran: p50 ");
    }

    @Test
    void a_number_that_makes_no_sense_is_told() throws Exception {
        Launcher.Run run = pool("", "--workers", "0", "--", "true");

        assertThat(run.err()).contains("workers: at least 1, not 0");
        assertThat(run.code()).isEqualTo(2);

        run = pool("", "--workers", "2147483647", "--", "true");

        assertThat(run.err()).isEqualTo("dyad pool: workers: at most 65536, not 2147483647\n");
        assertThat(run.code()).isEqualTo(2);
    }

    private static final String ANSWERING = " ./dyad pool --workers 2 --stdio --wire lines -- cat";

    @Test
    void an_input_that_fails_is_told_in_a_sentence() throws Exception {
        assertThat(PhpRuns.shell(ANSWERING + " </"))
                .isEqualTo(new PhpRuns.Output(74, "", "dyad pool: standard input: Is a directory\n"));
    }

    @Test
    void a_line_that_does_not_fit_in_memory_is_told_after_the_answers_to_those_before() throws Exception {
        PhpRuns.Output run = PhpRuns.shell("(echo one; head -c 100000000 /dev/zero) |" + ANSWERING);

        assertThat(run)
                .isEqualTo(new PhpRuns.Output(
                        74, "one\n", "dyad pool: line 2 of the standard input is longer than 8388608 bytes\n"));
    }

    @Test
    void long_lines_are_asked_as_fast_as_they_fit_in_memory() throws Exception {
        String line = "head -c 8000000 /dev/zero | tr '\\0' x; echo;";
        PhpRuns.Output run = PhpRuns.shell(
                "(" + line.repeat(12) + ") | ./dyad pool --workers 2 -- python3 children/worker.py | wc -c");

        assertThat(run.out().strip()).isEqualTo("96000012");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void a_line_that_is_no_message_is_told_and_the_others_are_answered() throws Exception {
        Launcher.Run run = pool(
                "x".repeat(256) + "\none\n", "--wire", "packet1", "--workers", "1", "--", "sh", "-c", "cat <&3 >&3");

        assertThat(run.text()).isEqualTo("one\n");
        assertThat(run.err()).isEqualTo("dyad pool: line 1: a message of 256 bytes, where packet1 has 0 to 255\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void who_reads_the_first_answer_only_hears_no_more() throws Exception {
        assertThat(PhpRuns.shell("seq 100000 |" + ANSWERING + " | head -1"))
                .isEqualTo(new PhpRuns.Output(0, "1\n", ""));
    }

    @Test
    void an_output_that_cannot_be_written_ends_the_asking() throws Exception {
        PhpRuns.Output run = PhpRuns.shell("yes 2>/dev/null |" + ANSWERING + " >/dev/full");

        assertThat(run.err())
                .matches("dyad pool: standard output: No space left on device, after line 0;"
                        + " no line after \\d{1,3} was asked\n");
        assertThat(run.exit()).isEqualTo(74);
    }

    @Test
    void a_reader_that_goes_ends_the_asking() throws Exception {
        assertThat(PhpRuns.shell("yes 2>/dev/null |" + ANSWERING + " | head -1"))
                .isEqualTo(new PhpRuns.Output(0, "y\n", ""));
    }

    @ParameterizedTest
    @CsvSource({"/no/such, 127, No such file or directory (ENOENT)", "/etc/passwd, 126, Permission denied (EACCES)"})
    void a_command_that_cannot_be_run_is_told_once_with_the_exit_code_of_a_shell(String command, int code, String why)
            throws Exception {
        for (String input : List.of("", "a\nb\n")) {
            Launcher.Run run = pool(input, "--workers", "2", "--", command);

            assertThat(run.err())
                    .isEqualTo("dyad pool: Command[%s] was not started: posix_spawn: %1$s: %s%n", command, why);
            assertThat(run.code()).isEqualTo(code);
        }
    }
}
