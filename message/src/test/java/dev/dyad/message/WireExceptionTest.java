package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HexFormat;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What one reads when a peer does not keep to the wire.
@NullUnmarked // what is not there fails the test
class WireExceptionTest {

    private final WireException refused = new WireException("not a header's name", 3);

    @Test
    void a_wire_says_the_rule_and_the_byte_of_the_head() {
        assertThat(refused).hasMessage("not a header's name at byte 3");
        assertThat(refused.offset()).isEqualTo(3);
        assertThat(refused.excerpt()).isEmpty();
    }

    @Test
    void a_channel_adds_the_place_in_the_stream_and_what_stands_there() {
        var whole = refused.in(5_000_000_000L, "PHP Warning:  x\n".getBytes(UTF_8));

        assertThat(whole).hasMessage("not a header's name at byte 5000000003: \"PHP Warning:  x\\n\"");
        assertThat(whole.offset()).isEqualTo(5_000_000_003L);
        assertThat(whole.excerpt()).asString(UTF_8).isEqualTo("PHP Warning:  x\n");
        assertThat(whole.getStackTrace()).isEqualTo(refused.getStackTrace());
    }

    @Test
    void sixty_four_bytes_are_shown() {
        var whole = refused.in(0, ("x".repeat(64) + "y").getBytes(UTF_8));

        assertThat(whole.excerpt()).asString(UTF_8).isEqualTo("x".repeat(64));
        assertThat(whole).hasMessageEndingWith(": \"" + "x".repeat(64) + '"');
    }

    @Test
    void the_excerpt_is_a_copy() {
        byte[] come = {'a', 'b'};
        var whole = refused.in(0, come);
        come[0] = 'x';
        whole.excerpt()[1] = 'x';

        assertThat(whole.excerpt()).asString(UTF_8).isEqualTo("ab");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Could not open input file: x\\n  | "Could not open input file: x\\\\n"
                    größer €\\r\\n                   | "größer €\\\\r\\\\n"
                    a\\tb                            | "a\\\\tb"
                    日本語 😀                            | "日本語 😀"
                    \\33[31merror\\7\\177            | "\\\\x1b[31merror\\\\x07\\\\x7f"
                    \\205x                          | "\\\\u{85}x"
                    user\u202egpj.exe                | "user\\\\u{202E}gpj.exe"
                    \ufeff{}                         | "\\\\u{FEFF}{}"
                    """)
    void text_is_shown_as_text_that_does_nothing_to_a_terminal(String text, String shown) {
        assertThat(shown(text.translateEscapes().getBytes(UTF_8))).isEqualTo(shown.translateEscapes());
    }

    @ParameterizedTest
    @CsvSource({
        "000000ff68, 00 00 00 ff 68", //
        "ff, ff",
        "c0af, c0 af",
        "61e282, '\"a\\xe2\\x82\"'",
        "c3, '\"\\xc3\"'",
        "61e28261, 61 e2 82 61",
        "0000000568656c6c6f, '\"\\x00\\x00\\x00\\x05hello\"'"
    })
    void what_is_no_text_is_shown_byte_by_byte(String bytes, String shown) {
        assertThat(shown(HexFormat.of().parseHex(bytes))).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "€", "😀"})
    void a_character_that_is_cut_at_the_end_leaves_the_rest_text(String last) {
        String text = "x".repeat(63) + last;

        assertThat(shown(text.getBytes(UTF_8)))
                .startsWith("\"" + "x".repeat(63) + "\\x")
                .hasSize(1 + 63 + 4 + 1);
    }

    @Test
    void it_can_be_serialized() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(refused.in(7, new byte[] {'x'}));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            var copy = (WireException) in.readObject();

            assertThat(copy).hasMessage("not a header's name at byte 10: \"x\"");
            assertThat(copy.offset()).isEqualTo(10);
            assertThat(copy.excerpt()).containsExactly('x');
        }
    }

    private String shown(byte[] bytes) {
        String message = refused.in(0, bytes).getMessage();
        return message.substring("not a header's name at byte 3: ".length());
    }
}
