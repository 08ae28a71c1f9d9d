package dev.dyad.process.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineBufferTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void lines_are_those_of_the_text_however_it_comes(long seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("ä€x".repeat(random.nextInt(random.nextInt(20) == 0 ? 2_000 : 9)))
                    .append(List.of("\n", "\r\n", "\r", "\n\n").get(random.nextInt(4)));
        }
        var bytes = UTF_8.encode(text.toString());
        var buffer = new LineBuffer();
        var taken = new ArrayList<String>();
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), random.nextInt(1, random.nextBoolean() ? 4 : 3_000));
            buffer.add(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            while (random.nextInt(5) > 0 && buffer.hasLine()) {
                taken.add(buffer.line());
            }
        }
        while (buffer.hasLine()) {
            taken.add(buffer.line());
        }
        assertThat(buffer.size()).isZero();
        assertThat(taken).containsExactlyElementsOf(text.toString().lines().toList());
    }
}
