package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The heads of LSP and DAP: what is sent, what is taken, and at which byte the rest is refused.
class ContentLengthWireTest {

    private static final Wire.Prefixed WIRE = (Wire.Prefixed) Wire.contentLength();

    @ParameterizedTest
    @CsvSource({"0", "17", "9223372036854775807"})
    void it_sends_one_line_and_an_empty_one(long length) {
        assertThat(Wires.head(WIRE, length)).asString(UTF_8).isEqualTo("Content-Length: %d\r\n\r\n", length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 17\r\n\r\n",
                "content-length: 17\r\n\r\n",
                "CONTENT-LENGTH: 17\r\n\r\n",
                "Content-Length:17\r\n\r\n",
                "Content-Length: \t 17 \t \r\n\r\n",
                "Content-Length: 0000000000000000017\r\n\r\n",
                "Content-Length: 17\n\n",
                "Content-Length: 17\r\n\n",
                "Content-Length: 17\n\r\n",
                "Content-Length: 17\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
                "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 17\r\n\r\n",
                "Content-Length-Of-Another: 3\r\nContent: 4\r\nX-1:\r\nContent-Length: 17\r\n\r\n"
            })
    void a_head_as_others_write_it_is_taken(String head) throws Exception {
        byte[] bytes = head.getBytes(UTF_8);

        assertThat(Wires.headSize(WIRE, (head + "{\"id\":1}\r\n\r\n").getBytes(UTF_8), bytes.length + 12))
                .isEqualTo(bytes.length);
        assertThat(Wires.bodyLength(WIRE, bytes, bytes.length)).isEqualTo(17);
        for (int come = 1; come < bytes.length; come++) {
            assertThat(Wires.headSize(WIRE, bytes, come)).isEqualTo(come + 1);
        }
    }

    /// In a row: the bytes, the rule, and the last byte that has to come before they are refused.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    PHP Warning:  Undefined variable\\n          | not a header's name                                  | 3
                    Could not open input file: x\\n              | not a header's name                                  | 5
                    {"jsonrpc":"2.0"}\\n                         | not a header's name                                  | 0
                    \\33[31merror                                | not a header's name                                  | 0
                    \ufeffContent-Length: 17                     | not a header's name                                  | 0
                    : 17                                         | not a header's name                                  | 0
                    Content-Length : 17                          | not a header's name                                  | 14
                    Content-Length\\r\\n                         | not a header's name                                  | 14
                    Content-Type: x\\r\\n folded                 | not a header's name                                  | 17
                    \\r\\n                                       | no Content-Length in the head                        | 0
                    \\n                                          | no Content-Length in the head                        | 0
                    Content-Type: x\\r\\n\\r\\n                  | no Content-Length in the head                        | 17
                    Content-Length: 17\\r\\nContent-Length: 17\\r\\n | a second Content-Length                              | 20 34
                    Content-Length: 17\\r\\ncontent-length: 3\\r\\n | a second Content-Length                              | 20 34
                    Content-Length:\\r\\n                        | a Content-Length that is not a number                | 15
                    Content-Length: -1                           | a Content-Length that is not a number                | 16
                    Content-Length: +1                           | a Content-Length that is not a number                | 16
                    Content-Length: 0x10                         | a Content-Length that is not a number                | 17
                    Content-Length: 1 7                          | a Content-Length that is not a number                | 18
                    Content-Length: 17, 17                       | a Content-Length that is not a number                | 18
                    Content-Length: 17.0                         | a Content-Length that is not a number                | 18
                    Content-Length: ١٧                           | a Content-Length that is not a number                | 16
                    Content-Length: 9223372036854775808          | a Content-Length of more than 19 digits or 63 bits   | 34
                    Content-Length: 9999999999999999999          | a Content-Length of more than 19 digits or 63 bits   | 34
                    Content-Length: 00000000000000000017         | a Content-Length of more than 19 digits or 63 bits   | 35
                    Content-Length: 17\\r\\r\\n                  | a carriage return without a line feed                | 19
                    Content-Length: 17\\r\\n\\rx                 | a carriage return without a line feed                | 21
                    Content-Type: größer\\r\\n                   | not a character of a header                          | 16
                    Content-Type: x\\0                           | not a character of a header                          | 15
                    """)
    void anything_else_is_refused_at_the_byte_where_it_shows(String text, String rule, String places) throws Exception {
        byte[] bytes = text.translateEscapes().getBytes(UTF_8);
        String[] place = places.split(" ", -1);
        int told = Integer.parseInt(place[place.length - 1]);

        assertThatThrownBy(() -> Wires.headSize(WIRE, bytes, told + 1))
                .isExactlyInstanceOf(WireException.class)
                .hasMessage(rule + " at byte " + place[0]);
        if (told > 0) {
            assertThat(Wires.headSize(WIRE, bytes, told)).isEqualTo(told + 1);
        }
    }

    @Test
    void a_head_may_have_4096_bytes() throws Exception {
        String head = "Content-Length: 17\r\nX: " + "x".repeat(4096 - 27) + "\r\n\r\n";
        byte[] longest = head.getBytes(UTF_8);
        byte[] longer = head.replace("X:", "XX:").getBytes(UTF_8);

        assertThat(longest).hasSize(4096);
        assertThat(Wires.headSize(WIRE, longest, 4095)).isEqualTo(4096);
        assertThat(Wires.headSize(WIRE, longest, 4096)).isEqualTo(4096);
        assertThat(Wires.bodyLength(WIRE, longest, 4096)).isEqualTo(17);
        assertThatThrownBy(() -> Wires.headSize(WIRE, longer, 4096))
                .hasMessage("a head of more than 4096 bytes at byte 4096");
        assertThatThrownBy(() -> Wires.headSize(WIRE, longer, 4097))
                .hasMessage("a head of more than 4096 bytes at byte 4096");
    }
}
