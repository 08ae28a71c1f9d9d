package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The lengths of Python's `multiprocessing.connection`.
class FramedWireTest {

    private static final Wire.Prefixed WIRE = (Wire.Prefixed) Wire.framed();

    @ParameterizedTest
    @CsvSource({
        "0, 00000000",
        "1, 00000001",
        "16385, 00004001",
        "2147483647, 7fffffff",
        "2147483648, ffffffff0000000080000000",
        "9223372036854775807, ffffffff7fffffffffffffff"
    })
    void a_length_has_four_bytes_or_minus_one_and_eight(long length, String head) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThat(Wires.head(WIRE, length)).isEqualTo(bytes);
        assertThat(Wires.bodyLength(WIRE, bytes, Wires.headSize(WIRE, bytes, bytes.length)))
                .isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({"0, ffffffff0000000000000000", "5, ffffffff0000000000000005"})
    void the_long_form_of_a_short_length_is_taken(long length, String head) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThat(Wires.headSize(WIRE, bytes, bytes.length)).isEqualTo(12);
        assertThat(Wires.bodyLength(WIRE, bytes, 12)).isEqualTo(length);
    }

    /// Python takes these for empty messages.
    @ParameterizedTest
    @CsvSource({"80000000, 0", "80, 0", "c3, 0", "fffffffe, 3", "fffe, 1", "ffff00, 2"})
    void a_length_below_zero_is_refused_at_the_byte_where_it_shows(String head, int at) {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThatThrownBy(() -> Wires.headSize(WIRE, bytes, bytes.length))
                .isExactlyInstanceOf(WireException.class)
                .hasMessage("a length below zero that is not -1 at byte " + at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff8000000000000000", "ffffffffffffffffffffffff"})
    void a_length_of_64_bits_is_refused(String head) {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertThatThrownBy(() -> Wires.bodyLength(WIRE, bytes, Wires.headSize(WIRE, bytes, bytes.length)))
                .isExactlyInstanceOf(WireException.class)
                .hasMessage("a length of more than 63 bits at byte 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PHP Warning:  Undefined variable",
                "Could not open input file: x\n",
                "\n\n\n\n",
                "\t\t\t\t",
                "{}\r\n",
                "Content-Length: 17"
            })
    void text_is_a_length_that_no_sensible_limit_allows(String text) throws Exception {
        byte[] bytes = text.getBytes(UTF_8);

        assertThat(Wires.bodyLength(WIRE, bytes, Wires.headSize(WIRE, bytes, bytes.length)))
                .isGreaterThan(150_000_000);
    }
}
