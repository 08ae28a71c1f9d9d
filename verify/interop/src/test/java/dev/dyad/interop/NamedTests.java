package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tests that a page names as its evidence.
final class NamedTests {

    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");

    private NamedTests() {}

    /// Fails unless a row names one test or more, and each of them exists.
    static void require(String row) {
        List<MatchResult> tests = TEST.matcher(row).results().toList();
        assertThat(tests).as(row).isNotEmpty();
        for (MatchResult test : tests) {
            assertThat(sourcesOf(test.group(1)))
                    .as(test.group())
                    .anyMatch(source -> source.contains("void " + test.group(2) + "("));
        }
    }

    /// Modules may have tests of the same name.
    private static List<String> sourcesOf(String className) {
        try (Stream<Path> files = Files.walk(PhpRuns.ROOT)) {
            return files.filter(file -> file.endsWith(className + ".java"))
                    .map(NamedTests::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
