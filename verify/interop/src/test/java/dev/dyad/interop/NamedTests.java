package dev.dyad.interop;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tests that a page names as its evidence.
final class NamedTests {

    private static final Pattern METHOD = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");
    private static final Pattern METHOD_OR_CLASS = Pattern.compile("`(\\w+(?:Test|Contract|Stress))(?:\\.(\\w+))?`");

    private static final Map<String, List<Path>> SOURCES = sources();

    private NamedTests() {}

    /// Fails unless a row names one test method or more, and each of them exists.
    static void require(String row) {
        require(METHOD, row);
    }

    /// Fails unless a text names one test class or method or more, and each of them exists.
    static void requireMethodsOrClasses(String text) {
        require(METHOD_OR_CLASS, text);
    }

    private static void require(Pattern pattern, String text) {
        List<MatchResult> tests = pattern.matcher(text).results().toList();
        assertThat(tests).as(text).isNotEmpty();
        for (MatchResult test : tests) {
            String method = test.group(2);
            assertThat(SOURCES.getOrDefault(test.group(1), List.of()))
                    .as(test.group())
                    .anyMatch(source -> method == null || read(source).contains("void " + method + "("));
        }
    }

    /// Returns the sources of tests by the names of their classes. Modules may have tests of the same name.
    private static Map<String, List<Path>> sources() {
        try (Stream<Path> files = Files.walk(PhpRuns.ROOT)) {
            return files.filter(file -> file.toString().matches(".*(Test|Contract|Stress)\\.java"))
                    .collect(groupingBy(file -> file.getFileName().toString().replace(".java", "")));
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
