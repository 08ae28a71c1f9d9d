package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./dyad talk`: messages of a program from the shell.
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
}
