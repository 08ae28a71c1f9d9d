package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page that says which of our tests stands for which of PHP's own.
class PhpTestsTest {

    private static final Path PAGE = PhpRuns.ROOT.resolve("docs/php-tests.md");

    private static final Path SCENARIOS =
            PhpRuns.ROOT.resolve("verify/interop/src/test/resources/dev/dyad/interop/scenario");

    private static final Pattern ITALICS = Pattern.compile("\\*([^*]+)\\*");

    @Test
    void each_test_that_it_names_exists() throws IOException {
        Set<String> scenarios = scenarios();
        List<String> rows = rows(page().split("\n## Left out\n", -1)[0]);
        assertThat(rows).hasSizeGreaterThan(60);
        for (String row : rows) {
            List<String> named = all(ITALICS, column(row, 2));
            assertThat(scenarios).as(row).containsAll(named);
            if (named.isEmpty() || row.contains("Test.")) {
                NamedTests.require(column(row, 2));
            }
        }
    }

    @Test
    void each_of_phps_tests_is_named_once_with_a_test_or_a_reason() throws IOException {
        List<String> names = rows(page()).stream()
                .flatMap(row -> all(Pattern.compile("`([^`]+)`"), column(row, 1)).stream())
                .toList();

        assertThat(names).hasSizeGreaterThan(130).doesNotHaveDuplicates();
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static List<String> rows(String text) {
        return text.lines().filter(line -> line.startsWith("| `")).toList();
    }

    private static String column(String row, int number) {
        return row.split("\\|", -1)[number];
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static Set<String> scenarios() throws IOException {
        Pattern title = Pattern.compile("^== (.+)$", Pattern.MULTILINE);
        var titles = new HashSet<String>();
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".txt")).toList()) {
                titles.addAll(all(title, Files.readString(file)));
            }
        }
        return titles;
    }
}
