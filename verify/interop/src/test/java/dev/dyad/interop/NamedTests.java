package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The tests that a page names as its evidence.
final class NamedTests {

    private static final Pattern METHOD = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");
    private static final Pattern METHOD_OR_CLASS = Pattern.compile("`(\\w+(?:Test|Contract|Stress))(?:\\.(\\w+))?`");

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
            assertThat(Sources.byName().getOrDefault(test.group(1), List.of()))
                    .as(test.group())
                    .anyMatch(source -> method == null || Sources.read(source).contains("void " + method + "("));
        }
    }
}
