package dev.dyad.interop;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The lines by which examples are run, in `examples/README.md` and at the head of each.
@Timeout(120)
class ExampleLinesTest {

    private static final Path EXAMPLES = PhpRuns.ROOT.resolve("examples");
    private static final Path JARS = EXAMPLES.resolve("target/lib");
    private static final Pattern LINE =
            Pattern.compile("^\\| `[^`]*java @examples/options examples/(\\w+)\\.java", Pattern.MULTILINE);
    private static final Pattern HEADER = Pattern.compile("^/// {5}java (\\S+ )?\\S+\\.java.*", Pattern.MULTILINE);

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> read(file).contains("static void main("))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String name(Path example) {
        return example.getFileName().toString().replace(".java", "");
    }

    /// What the README has Maven make: other builds of the examples' module do so too.
    private static void requireJars() {
        if (!Files.isDirectory(JARS)) {
            if ("true".equals(System.getenv("CI"))) {
                fail("with CI=true module examples is built before");
            }
            abort("module examples is not built");
        }
    }

    @Test
    void each_example_has_a_line() throws Exception {
        List<String> lines = LINE.matcher(read(EXAMPLES.resolve("README.md")))
                .results()
                .map(line -> line.group(1))
                .toList();
        Set<String> names = examples().stream().map(ExampleLinesTest::name).collect(toSet());

        assertThat(names).hasSizeGreaterThan(10);
        assertThat(lines).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void the_line_at_the_head_of_an_example_begins_as_that_of_the_readme() throws Exception {
        assertThat(examples())
                .allSatisfy(example -> assertThat(
                                HEADER.matcher(read(example)).results().map(MatchResult::group))
                        .allMatch(line ->
                                line.startsWith("///     java @examples/options examples/" + name(example) + ".java")));
    }

    @Test
    void the_class_path_is_where_maven_puts_what_the_examples_need() {
        assertThat(read(EXAMPLES.resolve("options"))).contains("--class-path \"examples/target/lib/*\"");
        assertThat(read(EXAMPLES.resolve("pom.xml")))
                .contains("<outputDirectory>${project.build.directory}/lib</outputDirectory>");
    }

    @Test
    void all_examples_compile_with_that_class_path(@TempDir Path folder) throws Exception {
        requireJars();

        PhpRuns.Output output = PhpRuns.shell(
                "javac -proc:none -d '%s' --class-path 'examples/target/lib/*' examples/*.java examples/php/*.java"
                        .formatted(folder));

        assertThat(output.exit()).as(output.toString()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "SocketPairExample, 0, '10 bytes: ABCdef123\n', ''",
        "TwoNamespaces, 2, '', 'TwoNamespaces: say two network namespaces, as ip netns add has made them\n'",
        "BazelWorker, 2, '', 'BazelWorker: say proto or json, and the worker''s command\n'"
    })
    void a_line_runs_as_it_stands(String example, int exit, String out, String err) throws Exception {
        requireJars();

        PhpRuns.Output output = PhpRuns.shell("java @examples/options examples/" + example + ".java");

        assertThat(output).isEqualTo(new PhpRuns.Output(exit, out, err));
    }
}
