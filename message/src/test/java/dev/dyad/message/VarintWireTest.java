package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The lengths of protobuf's delimited messages.
class VarintWireTest {

    private static final Wire.Prefixed WIRE = (Wire.Prefixed) Wire.varint();

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "150, 9601",
        "16383, ff7f",
        "16384, 808001",
        "2097151, ffff7f",
        "2097152, 80808001",
        "268435455, ffffff7f",
        "268435456, 8080808001",
        "2147483647, ffffffff07"
    })
    void a_length_has_seven_bits_in_each_byte_the_lowest_first(long length, String head) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThat(Wires.head(WIRE, length)).isEqualTo(bytes);
        assertThat(Wires.headSize(WIRE, bytes, bytes.length)).isEqualTo(bytes.length);
        assertThat(Wires.bodyLength(WIRE, bytes, bytes.length)).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff08", "ffffffff0f", "8080808080", "ffffffffff", "ffffffffffffffffff01"})
    void a_length_of_more_than_31_bits_is_refused_at_the_fifth_byte(String head) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThat(Wires.headSize(WIRE, bytes, 4)).isEqualTo(5);
        assertThatThrownBy(() -> Wires.headSize(WIRE, bytes, 5))
                .isExactlyInstanceOf(WireException.class)
                .hasMessage("a length of more than 5 bytes or 31 bits at byte 4");
    }

    @ParameterizedTest
    @CsvSource({"8000, 1", "ff00, 1", "808000, 2", "8080808000, 4"})
    void a_length_of_more_bytes_than_it_needs_is_refused(String head, int at) {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThatThrownBy(() -> Wires.headSize(WIRE, bytes, bytes.length))
                .isExactlyInstanceOf(WireException.class)
                .hasMessage("a length of more bytes than it needs at byte " + at);
    }

    /// So a channel cannot refuse it; who reads the message does.
    @Test
    void text_is_taken_for_a_short_message() throws Exception {
        byte[] text = "PHP Warning:  Undefined variable\n".getBytes(UTF_8);

        assertThat(Wires.headSize(WIRE, text, text.length)).isEqualTo(1);
        assertThat(Wires.bodyLength(WIRE, text, 1)).isEqualTo('P');
    }
}
