package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./dyad talk`: messages of a program from the shell.
@Sampled
@Timeout(60)
class TalkTest {

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built() throws Exception {
        assertThat(dyad("--version").run().code()).isZero();
    }

    private static Launcher.Run talk(String input, String... arguments) throws Exception {
        var all = new String[arguments.length + 1];
        all[0] = "talk";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return dyad(all).run(input.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "lines", "content-length", "packet1", "packet2", "packet4", "varint", "goridge"})
    void each_line_is_a_message_and_each_message_a_line(String wire) throws Exception {
        Launcher.Run run = talk("one\n\u00fcber\n", "--wire", wire, "--", "sh", "-c", "cat <&3 >&3");

        assertThat(run.err()).isEmpty();
        assertThat(run.text()).isEqualTo("one\n\u00fcber\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void a_program_is_talked_to_over_its_standard_streams() throws Exception {
        Launcher.Run run = talk("one\ntwo\n", "--wire", "lines", "--stdio", "--", "tr", "a-z", "A-Z");

        assertThat(run.text()).isEqualTo("ONE\nTWO\n");
    }

    @Test
    void what_is_no_line_of_text_is_shown_on_one() throws Exception {
        String script = "printf '\\000\\000\\000\\003a\\nb\\000\\000\\000\\002\\377\\000' >&3";

        assertThat(talk("", "--", "sh", "-c", script).text()).isEqualTo("a\\nb\nhex: ff 00\n");
    }

    @Test
    void what_is_not_of_the_wire_is_shown_with_its_place() throws Exception {
        Launcher.Run run = talk("", "--", "sh", "-c", "echo 'Could not open input file: x' >&3; sleep 100");

        assertThat(run.err()).contains("at byte 0: \"Could not open input file: x\\n\"");
        assertThat(run.code()).isEqualTo(76);
    }

    @Test
    void the_exit_code_is_the_commands() throws Exception {
        assertThat(talk("", "--", "sh", "-c", "exit 7").code()).isEqualTo(7);
        assertThat(talk("", "--", "no-such-command").code()).isEqualTo(127);
    }

    /// Such as one that talks over its standard streams.
    @ParameterizedTest
    @CsvSource({"'', descriptor 3", "--fd 5, descriptor 5", "--stdio, its standard output"})
    void a_command_that_says_nothing_is_told_of(String options, String over) throws Exception {
        PhpRuns.Output run = PhpRuns.shell("echo hello | ./dyad talk " + options + " -- sh -c 'exec >&2'");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("dyad talk: no message came over " + over + ": --fd and --stdio say ")
                .hasLineCount(1);
    }

    private static final String ANSWERING = " ./dyad talk -- sh -c 'cat <&3 >&3 2>/dev/null'";

    @ParameterizedTest
    @CsvSource({"0</, Is a directory", "0>/dev/null, Bad file descriptor"})
    void an_input_that_fails_ends_the_commands_stream_and_us(String redirected, String why) throws Exception {
        PhpRuns.Output run = PhpRuns.shell(ANSWERING + " " + redirected);

        assertThat(run).isEqualTo(new PhpRuns.Output(74, "", "dyad talk: standard input: " + why + "\n"));
    }

    @Test
    void a_line_that_is_no_message_ends_the_commands_stream_and_us() throws Exception {
        Launcher.Run run = talk("one\n" + "x".repeat(256) + "\n", "--wire", "packet1", "--", "sh", "-c", "cat <&3 >&3");

        assertThat(run.text()).isEqualTo("one\n");
        assertThat(run.err()).isEqualTo("dyad talk: a message of 256 bytes, where packet1 has 0 to 255\n");
        assertThat(run.code()).isEqualTo(74);
    }

    @Test
    void a_line_that_does_not_fit_in_memory_is_told_in_a_sentence() throws Exception {
        PhpRuns.Output run = PhpRuns.shell("head -c 100000000 /dev/zero |" + ANSWERING);

        assertThat(run)
                .isEqualTo(new PhpRuns.Output(
                        74, "", "dyad talk: line 1 of the standard input is longer than 8388608 bytes\n"));
    }

    @Test
    void a_message_that_cannot_be_shown_in_our_memory_is_told_in_a_sentence() throws Exception {
        String script = "(printf '\\004\\000\\000\\000'; head -c 67108864 /dev/zero) >&3";

        Launcher.Run run = talk("", "--", "sh", "-c", script);

        assertThat(run.err()).startsWith("dyad: not enough memory: ").hasLineCount(1);
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void who_reads_the_first_line_only_hears_no_more() throws Exception {
        assertThat(PhpRuns.shell("seq 100000 |" + ANSWERING + " | head -1"))
                .isEqualTo(new PhpRuns.Output(0, "1\n", ""));
    }

    @Test
    void an_output_that_cannot_be_written_ends_the_command_and_us() throws Exception {
        assertThat(PhpRuns.shell("yes 2>/dev/null |" + ANSWERING + " >/dev/full"))
                .isEqualTo(new PhpRuns.Output(
                        74,
                        "",
                        "dyad talk: standard output: No space left on device, after line 0; the command is ended\n"));
    }

    @Test
    void a_reader_that_goes_ends_the_command_and_us() throws Exception {
        assertThat(PhpRuns.shell("yes 2>/dev/null |" + ANSWERING + " | head -1"))
                .isEqualTo(new PhpRuns.Output(0, "y\n", ""));
    }
}
