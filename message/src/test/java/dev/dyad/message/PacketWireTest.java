package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The lengths of Erlang's ports.
class PacketWireTest {

    @ParameterizedTest
    @CsvSource({
        "1, 0, 00",
        "1, 255, ff",
        "2, 0, 0000",
        "2, 258, 0102",
        "2, 65535, ffff",
        "4, 0, 00000000",
        "4, 16909060, 01020304",
        "4, 2147483648, 80000000",
        "4, 4294967295, ffffffff"
    })
    void a_length_is_big_endian_and_unsigned(int bytes, long length, String head) throws Exception {
        var wire = (Wire.Prefixed) Wire.packet(bytes);
        byte[] written = HexFormat.of().parseHex(head);

        assertThat(Wires.head(wire, length)).isEqualTo(written);
        assertThat(Wires.headSize(wire, written, 1)).isEqualTo(bytes);
        assertThat(Wires.bodyLength(wire, written, bytes)).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3, 5, 8, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void a_length_of_any_other_size_is_refused(int bytes) {
        assertThatThrownBy(() -> Wire.packet(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a length of " + bytes + " bytes, not 1, 2 or 4");
    }

    @Test
    void a_longer_message_is_not_sent() {
        assertThatThrownBy(() -> Wires.head((Wire.Prefixed) Wire.packet(1), 256))
                .hasMessage("a message of 256 bytes, where packet1 has 0 to 255");
    }
}
