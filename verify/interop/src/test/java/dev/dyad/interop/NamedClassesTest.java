package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages for those who work on Dyad: the classes, members and tests that they name are in the sources.
class NamedClassesTest {

    /// What stands in such quotes on one line. A fence has three of them; in it, only tests to run are looked for.
    private static final Pattern QUOTED = Pattern.compile("(?<!`)`([^`\n]+)`(?!`)");
    private static final Pattern FENCED = Pattern.compile("^```.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);
    /// A class, which a member may follow; no option such as `-Dseed`, and nothing in capitals only.
    private static final Pattern CLASS =
            Pattern.compile("(?<![\\w-])(?<!-XX:[+-])([A-Z]\\w*[a-z]\\w*)(?:[.#]([a-zA-Z]\\w*))?");
    /// Of a command: its module, if it names one before, and the tests.
    private static final Pattern TO_RUN = Pattern.compile("(?:-pl (\\S+) [^`\n]*)?-Dtest=([^\\s`]+)");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w+)");

    /// What the pages name of others, most of them the JDK's.
    private static final Set<String> OF_OTHERS = Set.of(
            "AssertionError",
            "AsynchronousCloseException",
            "ClosedByInterruptException",
            "ClosedChannelException",
            "NoClassDefFoundError",
            "OutOfMemoryError",
            "Selector",
            "SocketAddress",
            "SocketTimeoutException",
            "StackOverflowError",
            "System",
            "Timeout",
            "UnsupportedOperationException");

    private static final Map<String, List<Path>> TYPES = Sources.byName().values().stream()
            .flatMap(List::stream)
            .flatMap(source ->
                    TYPE.matcher(Sources.read(source)).results().map(type -> Map.entry(type.group(1), source)))
            .distinct()
            .collect(Collectors.groupingBy(
                    Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));

    @ParameterizedTest
    @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"})
    void each_class_and_member_is_there(String page) {
        assertThat(named(page).filter(name -> !OF_OTHERS.contains(name.group(1))))
                .allSatisfy(name -> assertThat(TYPES.getOrDefault(name.group(1), List.of()))
                        .as(name.group())
                        .anyMatch(source -> name.group(2) == null || says(source, name.group(2))));
    }

    @Test
    void each_test_to_run_is_there() {
        assertThat(TO_RUN.matcher(text("CONTRIBUTING.md")).results())
                .isNotEmpty()
                .allSatisfy(test -> assertThat(List.of(test.group(2).split(",")))
                        .allSatisfy(name -> assertThat(
                                        Sources.byName().getOrDefault(name.replaceFirst("#.*", ""), List.of()))
                                .as(test.group())
                                .anyMatch(source -> test.group(1) == null
                                        || source.startsWith(PhpRuns.ROOT.resolve(test.group(1))))));
    }

    @Test
    void there_is_something_to_look_at() {
        assertThat(named("ARCHITECTURE.md")).hasSizeGreaterThan(100);
        assertThat(named("CONTRIBUTING.md").map(MatchResult::group)).contains("NoLeaks", "Await.until");
        assertThat(TO_RUN.matcher(text("CONTRIBUTING.md")).results()).hasSizeGreaterThan(1);
        assertThat(TYPES).hasSizeGreaterThan(700).containsKeys("FdMutex", "Turn", "NamedClassesTest");
        assertThat(TYPES).doesNotContainKeys(OF_OTHERS.toArray(String[]::new));
    }

    @Test
    void what_others_have_is_named_here_only_if_a_page_names_it() {
        assertThat(Stream.of("ARCHITECTURE.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md")
                        .flatMap(NamedClassesTest::named)
                        .map(name -> name.group(1)))
                .containsAll(OF_OTHERS);
    }

    private static Stream<MatchResult> named(String page) {
        return QUOTED.matcher(FENCED.matcher(text(page)).replaceAll(""))
                .results()
                .map(quoted -> TO_RUN.matcher(quoted.group(1)).replaceAll(""))
                .flatMap(quoted -> CLASS.matcher(quoted).results());
    }

    private static boolean says(Path source, String member) {
        return Pattern.compile("\\b" + member + "\\b")
                .matcher(Sources.read(source))
                .find();
    }

    private static String text(String page) {
        return Sources.read(PhpRuns.ROOT.resolve(page));
    }
}
