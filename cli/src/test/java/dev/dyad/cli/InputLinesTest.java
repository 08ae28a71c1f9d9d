package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class InputLinesTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "a, a",
        "'a\n', a",
        "'a\nb', a|b",
        "'a\r\nb\r\n', a|b",
        "'\n\r\n\n', ||",
        "'a\rb\r', 'a\rb\r'",
        "'\u00ff\u0000\n', '\u00ff\u0000'"
    })
    void each_line_comes_byte_for_byte_without_its_end(String input, String lines) throws Exception {
        assertThat(String.join("|", read(new ByteArrayInputStream(input.getBytes(ISO_8859_1)))))
                .isEqualTo(lines);
    }

    private static List<String> read(InputStream in) throws Problem {
        var lines = new InputLines(in);
        List<String> all = new ArrayList<>();
        for (ByteBuffer line = lines.next(); line != null; line = lines.next()) {
            all.add(ISO_8859_1.decode(line).toString());
        }
        return all;
    }

    @Test
    void a_line_that_is_too_long_is_refused_with_its_number() throws Exception {
        var bytes = new byte[2 + 2 * InputLines.LONGEST];
        bytes[0] = '\n';
        bytes[1 + InputLines.LONGEST] = '\n';
        var lines = new InputLines(new ByteArrayInputStream(bytes));

        assertThat(lines.next()).hasToString(ByteBuffer.allocate(0).toString());
        assertThat(lines.next()).extracting(ByteBuffer::remaining).isEqualTo(InputLines.LONGEST);
        assertThat(lines.next()).extracting(ByteBuffer::remaining).isEqualTo(InputLines.LONGEST);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(new ByteArrayInputStream(new byte[InputLines.LONGEST + 1])))
                .withMessage("line 1 of the standard input is longer than 8388608 bytes");
    }

    @Test
    void an_input_that_fails_is_told_with_what_failed() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Is a directory");
            }

            @Override
            public int read(byte[] target, int from, int most) throws IOException {
                return read();
            }
        };

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(failing))
                .withMessage("standard input: Is a directory")
                .satisfies(problem -> assertThat(Problem.exitCode(problem)).isEqualTo(Problem.IO));
    }
}
