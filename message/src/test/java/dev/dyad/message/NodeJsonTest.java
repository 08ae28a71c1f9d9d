package dev.dyad.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.TestLength;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is a JSON value, and which of them are Node's own messages. `NodeChannelTest` of interop asks Node the same.
@NullUnmarked // what is not there fails the test
class NodeJsonTest {

    private static final int FUZZED = TestLength.of(100_000);

    private static NodeJson read(String text) throws WireException {
        return NodeJson.of(UTF_8.encode(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cmd\":\"NODE_X\"}",
                " {\t\"a\" : [ { } ] , \"cmd\" :\r\"NODE_X\" } ",
                "{\"\\u0063m\\u0064\":\"\\u004eODE_X\"}",
                "{\"cmd\":1,\"cmd\":\"NODE_X\"}",
                "{\"cmd\":\"NODE_X\",\"cm\":{\"cmd\":\"mine\"}}"
            })
    void a_command_of_nodes_is_found_however_it_is_written(String text) throws Exception {
        assertThat(read(text).internalCommand()).isEqualTo("NODE_X");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"msg\":{\"cmd\":\"NODE_HANDLE_ACK\"}}",
                "[{\"cmd\":\"NODE_HANDLE_ACK\"}]",
                "{\"cmd\":{\"cmd\":\"NODE_HANDLE_ACK\"}}",
                "{\"cmd\":[\"NODE_HANDLE_ACK\"]}",
                "{\"cmd\":\"NODE_HANDLE_ACK\",\"cmd\":null}",
                "{\"cmd\":\"NODE_HANDLE_ACK\",\"cmd\":[1]}",
                "{\"cmd\":\"NODE_\"}",
                "{\"cmd\":\"node_handle\"}",
                "{\"cmd\":\" NODE_HANDLE\"}",
                "{\"CMD\":\"NODE_HANDLE\"}",
                "{\"cmd \":\"NODE_HANDLE\"}",
                "{\"x\":\"\\\"cmd\\\":\\\"NODE_HANDLE\\\"\"}",
                "\"NODE_HANDLE\"",
                "null",
                "{}"
            })
    void nothing_else_is_taken_for_one(String text) throws Exception {
        assertThat(read(text).internalCommand()).isNull();
    }

    @Test
    void a_name_that_is_longer_than_what_is_compared_is_equal_to_none() throws Exception {
        String longName = "NODE_HANDLE" + "K".repeat(1000);

        assertThat(read("{\"cmd\":\"" + longName + "\"}").internalCommand())
                .startsWith("NODE_HANDLE")
                .isNotEqualTo("NODE_HANDLE");
    }

    @Test
    void the_message_with_a_handle_is_found_byte_for_byte() throws Exception {
        NodeJson json = read("{\"type\":\"net.Socket\", \"msg\" : {\"我\":[1, {\"msg\":2}]} ,\"cmd\":\"NODE_HANDLE\"}");

        assertThat(UTF_8.decode(json.message()).toString()).isEqualTo("{\"我\":[1, {\"msg\":2}]}");
        assertThat(json.type()).isEqualTo("net.Socket");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            ''~0
            Could not open input file~0
            Warning: x~0
            {~1
            {"a"}~4
            {"a":}~5
            {"a":1,}~7
            {a:1}~1
            [1,]~3
            [1 2]~3
            [1}~2
            1 2~2
            {} {}~3
            01~1
            -~1
            1.~2
            1e~2
            .5~0
            +1~0
            NaN~0
            truth~3
            nul~3
            "a~2
            "\\x"~2
            "\\u12g4"~5
            'a'~0
            ]~0
            """)
    void what_is_no_json_is_refused_at_its_byte(String text, int at) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> read(text))
                .extracting(WireException::offset)
                .isEqualTo((long) at);
    }

    @Test
    void bytes_that_are_not_utf8_are_refused_at_theirs() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> NodeJson.of(ByteBuffer.wrap("\"caf\u00e9\"".getBytes(ISO_8859_1))))
                .withMessageStartingWith("not UTF-8 at byte 4");
    }

    @Test
    void no_depth_is_too_much() throws Exception {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);

        assertThat(read("{\"msg\":" + deep + "}").message().remaining()).isEqualTo(2_000_000);
    }

    @Test
    void of_random_bytes_it_says_what_they_are_or_where_they_break_a_rule() {
        var random = new Random(11);
        String[] words = {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"cmd\"",
            "\"msg\"",
            "\"NODE_HANDLE\"",
            "1",
            "-0.5e+7",
            "true",
            " ",
            "\\",
            "\""
        };
        int read = 0;
        for (int i = 0; i < FUZZED; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(
                        random.nextInt(20) == 0
                                ? "" + (char) random.nextInt(256)
                                : words[random.nextInt(words.length)]);
            }
            byte[] bytes = text.toString().getBytes(ISO_8859_1);
            try {
                NodeJson.of(ByteBuffer.wrap(bytes));
                read++;
            } catch (WireException e) {
                assertThat(e.offset()).isBetween(0L, (long) bytes.length);
            }
        }
        assertThat(read).isPositive();
    }
}
