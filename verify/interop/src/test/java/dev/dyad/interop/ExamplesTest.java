package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Sampled
class ExamplesTest {

    private static final Path EXAMPLES = PhpRuns.ROOT.resolve("examples");
    private static final String STRING = "string(10) \"ABCdef123\n\"\n";
    private static final List<String> BOTH_SIDES = List.of("子進程收到父進程信息: 我是父級進程", "父進程收到子進程信息: 我是子進程");

    @Test
    void the_first_example_prints_what_php_prints() throws Exception {
        assertPrints(PhpRuns.java(EXAMPLES.resolve("SocketCreatePairExample.java")), STRING);
    }

    @Test
    void the_first_example_needs_no_native_access() throws Exception {
        var output = PhpRuns.java(EXAMPLES.resolve("SocketCreatePairExample.java"), "-Ddyad.platform=none");

        assertPrints(output, STRING);
    }

    @Test
    @NotInShortRuns("the_first_example_prints_what_php_prints")
    void the_two_ends_of_the_first_example_can_be_swapped(@TempDir Path folder) throws Exception {
        String source = Files.readString(EXAMPLES.resolve("SocketCreatePairExample.java"));
        Path swapped = folder.resolve("SocketCreatePairExample.java");
        Files.writeString(
                swapped,
                source.replace("sockets[0]", "sockets[2]")
                        .replace("sockets[1]", "sockets[0]")
                        .replace("sockets[2]", "sockets[1]"));

        assertPrints(PhpRuns.java(swapped), STRING);
    }

    @ParameterizedTest
    @CsvSource({"SocketCreatePairIpcExample", "SocketPairIpcExample"})
    @FirstInShortRuns
    void the_second_example_talks_with_its_child(String example) throws Exception {
        var output = PhpRuns.java(EXAMPLES.resolve(example + ".java"));

        assertThat(output.out().lines()).describedAs(output.toString()).containsExactlyInAnyOrderElementsOf(BOTH_SIDES);
        assertThat(output.err()).isEmpty();
        assertThat(output.exit()).isZero();
    }

    @Test
    @NotInShortRuns("the_first_example_prints_what_php_prints")
    void the_first_example_in_javas_own_words_says_the_same() throws Exception {
        assertPrints(PhpRuns.java(EXAMPLES.resolve("SocketPairExample.java")), "10 bytes: ABCdef123\n");
    }

    private static void assertPrints(PhpRuns.Output output, String expected) {
        assertThat(output).isEqualTo(new PhpRuns.Output(0, expected, ""));
    }
}
