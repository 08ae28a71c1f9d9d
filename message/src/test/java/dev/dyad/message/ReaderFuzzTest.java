package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever comes over any wire is read the same however it is cut: messages, and then one ending that is typed.
///
/// An input that fails is told in hexadecimal. Once it is mended, it stays in a file of its own, in the folder `fuzz`
/// of the resources, whose name begins with that of the wire.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class ReaderFuzzTest {

    /// For each of the seeds: 100,000 in CI, and a million in a long run.
    private static final int INPUTS = 5_000;

    /// A fifth of that where [PrefixedWireTest] has so many heads already.
    private static final int OF_HEADS = 1_000;

    private static final int CUTS = 200;
    private static final int MOST_FRAMES = 4;
    private static final int MOST_BODY = 700; // more than is read ahead at once
    private static final Path FINDINGS = Path.of("src", "test", "resources", "fuzz");

    static Stream<Arguments> wiresAndSeeds() {
        return Wires.all().flatMap(wire -> Seeds.fresh().mapToObj(seed -> Arguments.of(wire, seed)));
    }

    static Stream<Arguments> findings() throws IOException {
        List<Arguments> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FINDINGS)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                Wire wire = Wires.all()
                        .filter(one -> name.startsWith(one + "."))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no wire of " + name));
                all.add(Arguments.of(wire, name, Files.readString(file).strip()));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("wiresAndSeeds")
    void whatever_comes_is_read_the_same_however_it_is_cut(Wire wire, long seed) throws Exception {
        Call<Integer> reading = Call.start(Thread.ofPlatform().factory(), () -> readAll(wire, new Random(seed)));

        assertThat(reading.get()).isPositive();
    }

    /// On a thread of its own, whose stack is short: exceptions take less time there.
    private static int readAll(Wire wire, Random random) {
        int messages = 0;
        int inputs = wire instanceof Wire.Delimited ? INPUTS : OF_HEADS;
        for (int i = 0; i < inputs; i++) {
            messages += read(wire, stream(wire, random), random);
        }
        return messages;
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("findings")
    void what_was_found_once_is_read_the_same_however_it_is_cut(Wire wire, String name, String hex) {
        byte[] stream = HexFormat.of().parseHex(hex);
        var random = new Random(hex.hashCode());
        for (int i = 0; i < CUTS; i++) {
            int messages = read(wire, stream, random);
            assertThat(messages)
                    .isEqualTo(FuzzedReader.read(wire, stream, null).messages().size());
        }
    }

    /// @return how many messages there were
    private static int read(Wire wire, byte[] stream, Random random) {
        try {
            FuzzedReader.Taken whole = FuzzedReader.read(wire, stream, null);
            FuzzedReader.Taken cut = FuzzedReader.read(wire, stream, random);
            if (!cut.equals(whole)) {
                throw new AssertionError("whole " + whole + ", but cut " + cut);
            }
            return whole.messages().size();
        } catch (RuntimeException | Error e) {
            throw new AssertionError(wire + ": " + HexFormat.of().formatHex(stream), e);
        }
    }

    /// Frames, among which there may be what is none.
    private static byte[] stream(Wire wire, Random random) {
        var stream = new ByteArrayOutputStream();
        int frames = 1 + random.nextInt(MOST_FRAMES);
        for (int i = 0; i < frames; i++) {
            byte[] body = new byte[random.nextInt(random.nextInt(8) == 0 ? MOST_BODY : 20)];
            random.nextBytes(body);
            switch (wire) {
                case Wire.Delimited delimited -> {
                    stream.writeBytes(body);
                    stream.write(random.nextInt(8) > 0 ? delimited.delimiter() : random.nextInt());
                }
                case Wire.Prefixed prefixed
                when random.nextInt(6) == 0 -> stream.writeBytes(RandomStreams.next(prefixed, random));
                case Wire.Prefixed prefixed -> {
                    int length = Math.min(body.length, (int) Math.min(prefixed.longestBody(), MOST_BODY));
                    stream.writeBytes(Wires.head(prefixed, length));
                    stream.write(body, 0, random.nextInt(20) > 0 ? length : random.nextInt(1 + length));
                }
            }
        }
        return stream.toByteArray();
    }
}
