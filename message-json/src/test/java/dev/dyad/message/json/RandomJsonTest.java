package dev.dyad.message.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.WireException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Messages that are almost JSON-RPC, and some that are not at all.
class RandomJsonTest {

    private static final int MESSAGES = 5_000;
    private static final int MOST_PIECES = 8;

    private static final List<String> GOOD = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":{\"b\":[1,2.5,true,null]}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"\u00e9\",\"params\":[\"\\u00e9\"]}",
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":[]}",
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32601,\"message\":\"no\",\"data\":{}}}");

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u",
            "\\ud800",
            " ",
            "\t",
            "null",
            "true",
            "NaN",
            "-",
            "0",
            "1e999999999",
            "99999999999999999999",
            "1.5",
            "\"id\":",
            "\"result\":",
            "\"error\":",
            "\"method\":",
            "\"params\":",
            "\"jsonrpc\":\"2.0\"",
            "\"code\":",
            "\"message\":",
            "/*",
            "#",
            "\u0000",
            "\ufeff",
            "\ud83d\ude00",
            "Warning: ");

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void whatever_comes_is_a_message_or_breaks_a_rule_at_one_of_its_bytes(long seed) {
        var random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = next(random);
            try {
                assertThat(JsonMessages.read(ByteBuffer.wrap(bytes))).isNotNull();
            } catch (WireException e) {
                refused++;
                assertThat(e.offset()).as(new String(bytes, UTF_8)).isBetween(0L, (long) bytes.length);
            }
        }
        assertThat(refused).isBetween(1, MESSAGES - 1);
    }

    private static byte[] next(Random random) {
        String good = GOOD.get(random.nextInt(GOOD.size()));
        return switch (random.nextInt(4)) {
            case 0 -> spliced(good, random).getBytes(UTF_8);
            case 1 -> changed(good.getBytes(UTF_8), random);
            case 2 -> {
                byte[] bytes = good.getBytes(UTF_8);
                yield Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            }
            default -> pieces(random).getBytes(UTF_8);
        };
    }

    private static String spliced(String good, Random random) {
        int at = random.nextInt(good.length());
        int end = at + random.nextInt(good.length() - at);
        return good.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + good.substring(end);
    }

    private static byte[] changed(byte[] bytes, Random random) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String pieces(Random random) {
        var text = new StringBuilder(random.nextBoolean() ? "{" : "");
        for (int i = random.nextInt(MOST_PIECES); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
