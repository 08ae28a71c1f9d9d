package dev.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PrintedOutputTest {

    private final List<String> told = new ArrayList<>();

    @Test
    void what_is_printed_arrives() {
        var bytes = new ByteArrayOutputStream();

        printing(bytes).println("x我");

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("x我" + System.lineSeparator());
        assertThat(told).isEmpty();
    }

    @Test
    void a_reader_that_has_gone_is_told_at_the_first_line() {
        printing(failing("Broken pipe")).println("x");

        assertThat(told).containsExactly("gone");
    }

    @Test
    void another_failure_is_left_to_who_asks_for_it_at_the_end() {
        PrintStream out = printing(failing("No space left on device"));

        out.println("x");

        assertThat(out.checkError()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void a_line_that_is_not_written_says_why_at_once() throws Exception {
        var bytes = new ByteArrayOutputStream();

        new PrintedOutput(bytes, () -> {}).line("x");

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("x" + System.lineSeparator());
        assertThatThrownBy(() -> new PrintedOutput(failing("No space left on device"), () -> {}).line("x"))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    private PrintStream printing(OutputStream out) {
        return new PrintStream(new PrintedOutput(out, () -> told.add("gone")), false, StandardCharsets.UTF_8);
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
