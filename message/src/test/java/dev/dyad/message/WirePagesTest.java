package dev.dyad.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages about wires: there is one for each, and the bytes on it are what the wire writes.
@NullUnmarked // what is not there fails the test
class WirePagesTest {

    private static final Path FOLDER = Path.of(System.getProperty("dyad.root"), "docs/wires");

    /// A row of the table of bytes: the wire, the length of a message, and its head.
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z0-9-]+)` \\| ([0-9,]+) \\| `([^`]+)` \\|$", Pattern.MULTILINE);

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#all")
    void each_wire_has_a_page_that_the_index_links_to(Wire wire) throws Exception {
        assertThat(Files.readString(FOLDER.resolve("README.md"))).contains("](" + page(wire) + ")");
        assertThat(FOLDER.resolve(page(wire))).exists();
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.message.Wires#prefixed")
    void the_heads_on_its_page_are_those_that_it_writes(Wire.Prefixed wire) throws Exception {
        List<MatchResult> rows = ROW.matcher(Files.readString(FOLDER.resolve(page(wire))))
                .results()
                .filter(row -> row.group(1).equals(wire.toString()))
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(1)
                .allSatisfy(row -> assertThat(
                                Wires.head(wire, Long.parseLong(row.group(2).replace(",", ""))))
                        .isEqualTo(bytes(row.group(3))));
    }

    @Test
    void no_page_has_bytes_of_a_wire_that_is_none() throws Exception {
        var names = Wires.prefixed().map(Object::toString).collect(Collectors.toSet());
        try (var pages = Files.list(FOLDER)) {
            assertThat(pages)
                    .allSatisfy(page -> assertThat(ROW.matcher(Files.readString(page))
                                    .results()
                                    .map(row -> row.group(1)))
                            .isSubsetOf(names));
        }
    }

    private static String page(Wire wire) {
        return wire.toString().replaceFirst("[124]$", "") + ".md";
    }

    private static byte[] bytes(String shown) {
        return shown.matches("[0-9a-f ]+")
                ? HexFormat.of().parseHex(shown.replace(" ", ""))
                : shown.translateEscapes().getBytes(ISO_8859_1);
    }
}
