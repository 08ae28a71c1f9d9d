package dev.dyad.process.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TailBufferTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void the_last_bytes_are_those_however_they_come(long seed) {
        var random = new Random(seed);
        var last = new TailBuffer();
        var all = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String more = "x".repeat(random.nextInt(random.nextBoolean() ? 10 : TailBuffer.MOST)) + "\n";
            last.add(UTF_8.encode(more));
            all.append(more);
        }

        assertThat(all.toString()).endsWith(text(last));
        assertThat(text(last).length()).isLessThanOrEqualTo(TailBuffer.MOST);
        if (all.length() > TailBuffer.MOST) {
            int whole = all.indexOf("\n", all.length() - TailBuffer.MOST) + 1;
            assertThat(text(last))
                    .isEqualTo(whole < all.length() ? all.substring(whole) : "x".repeat(TailBuffer.MOST - 1) + "\n");
        } else {
            assertThat(text(last)).isEqualTo(all.toString());
        }
    }

    @Test
    void the_end_of_a_line_that_is_too_long_is_kept() {
        var last = new TailBuffer();
        for (int i = 0; i < 3; i++) {
            last.add(ByteBuffer.wrap("y".repeat(TailBuffer.MOST).getBytes(UTF_8)));
        }
        last.add(UTF_8.encode("end"));

        assertThat(text(last)).hasSize(TailBuffer.MOST).endsWith("yend");
    }

    private static String text(TailBuffer last) {
        return new String(last.bytes(), UTF_8);
    }
}
