package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What every wire does that has its length first, for whatever comes.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class PrefixedWireTest {

    /// For each of the seeds: 100,000 for each wire in CI, and a million in a long run.
    private static final int INPUTS = 5_000;

    @Test
    void every_wire_is_tested() {
        assertThat(Wires.prefixed().map(Object::toString))
                .contains("framed", "content-length", "varint", "packet1", "packet2", "packet4", "goridge")
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#prefixed")
    void what_it_writes_is_read_back(Wire.Prefixed wire) throws Exception {
        for (long length : lengths(wire)) {
            byte[] head = Wires.head(wire, length);

            assertThat(Wires.headSize(wire, head, head.length))
                    .describedAs("head for %d bytes", length)
                    .isEqualTo(head.length);
            assertThat(Wires.bodyLength(wire, head, head.length)).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#prefixed")
    void a_head_cut_at_any_byte_asks_for_more_and_never_for_more_than_the_head(Wire.Prefixed wire) throws Exception {
        for (long length : lengths(wire)) {
            byte[] head = Wires.head(wire, length);

            for (int come = 1; come < head.length; come++) {
                assertThat(Wires.headSize(wire, head, come))
                        .describedAs("%d of the %d bytes that head %d", come, head.length, length)
                        .isBetween(come + 1, head.length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#prefixed")
    void what_follows_a_head_does_not_matter(Wire.Prefixed wire) throws Exception {
        for (long length : lengths(wire)) {
            byte[] head = Wires.head(wire, length);

            for (int after : new int[] {0, '\n', '7', 0xff}) {
                byte[] stream = Arrays.copyOf(head, head.length + 20);
                Arrays.fill(stream, head.length, stream.length, (byte) after);

                assertThat(Wires.headSize(wire, stream, stream.length))
                        .describedAs("head for %d bytes, then %x", length, after)
                        .isEqualTo(head.length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#prefixed")
    void a_length_that_it_does_not_have_is_not_written(Wire.Prefixed wire) {
        var target = ByteBuffer.allocate(Wire.Prefixed.LONGEST_HEAD);
        long longest = wire.longestBody();

        assertThat(LongStream.of(-1, Long.MIN_VALUE, longest + 1))
                .allSatisfy(length -> assertThatThrownBy(() -> wire.writeHead(length, target))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("a message of " + length + " bytes, where " + wire + " has 0 to " + longest));
        assertThat(target.position()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#prefixed")
    void each_first_byte_is_taken_or_refused(Wire.Prefixed wire) {
        for (int first = 0; first < 256; first++) {
            Following.of(wire, new byte[] {(byte) first}, new Random(first));
        }
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void whatever_comes_is_a_head_or_is_refused_or_asks_for_more(Wire.Prefixed wire, long seed) {
        var random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < INPUTS; i++) {
            if (Following.of(wire, RandomStreams.next(wire, random), random) == Following.TAKEN) {
                taken++;
            }
        }
        assertThat(taken).isPositive();
    }

    static Stream<Arguments> seeds() {
        return Wires.prefixed().flatMap(wire -> Seeds.fresh().mapToObj(seed -> Arguments.of(wire, seed)));
    }

    /// Lengths on both sides of each power of two and of ten, and some of any size.
    private static long[] lengths(Wire.Prefixed wire) {
        var random = new Random();
        LongStream powers = LongStream.concat(
                LongStream.iterate(1, power -> power > 0, power -> power << 1),
                LongStream.iterate(1, power -> power < Long.MAX_VALUE / 10, power -> power * 10));
        LongStream any = random.longs(50).map(length -> length >>> (1 + random.nextInt(63)));
        return LongStream.concat(powers.flatMap(power -> LongStream.of(power - 1, power)), any)
                .map(length -> Math.min(length, wire.longestBody()))
                .distinct()
                .toArray();
    }
}
