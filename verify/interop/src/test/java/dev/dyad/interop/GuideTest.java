package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages of the guide, and those about wires: the code in them is part of a test, and what they link to is there.
class GuideTest {

    private static final Path GUIDE = PhpRuns.ROOT.resolve("docs/guide");
    private static final Path WIRES = PhpRuns.ROOT.resolve("docs/wires");
    private static final Path INDEX = WIRES.resolve("README.md");
    private static final Pattern CODE = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /// The comment above the code says which region of which test it is.
    private static final Pattern QUOTED = Pattern.compile(
            "^<!-- region (\\S+) of (\\S+) -->\n```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern PROGRAM = Pattern.compile("^```(?!java$)\\w+$", Pattern.MULTILINE);

    /// The comment above a program in another language says which file it is.
    private static final Pattern QUOTED_PROGRAM =
            Pattern.compile("^<!-- file (children/\\S+) -->\n```\\w+\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)(?:#[^)]*)?\\)");

    @ParameterizedTest
    @MethodSource("pagesWithCode")
    void its_code_is_part_of_a_test(Path page) throws Exception {
        String text = Files.readString(page);
        List<MatchResult> quoted = QUOTED.matcher(text).results().toList();

        assertThat(quoted).isNotEmpty().hasSize((int)
                CODE.matcher(text).results().count());
        for (MatchResult code : quoted) {
            assertThat(code.group(3)).isEqualTo(region(PhpRuns.ROOT.resolve(code.group(2)), code.group(1)));
        }
    }

    /// `ChildLanguageTest`, `WorkerTest` and `NumberedWorkerTest` run them.
    @ParameterizedTest
    @MethodSource("pages")
    void its_programs_in_other_languages_are_files_that_tests_run(Path page) throws Exception {
        String text = Files.readString(page);
        List<MatchResult> quoted = QUOTED_PROGRAM.matcher(text).results().toList();

        assertThat(quoted).hasSize((int) PROGRAM.matcher(text).results().count());
        for (MatchResult program : quoted) {
            assertThat(PhpRuns.ROOT.resolve(program.group(1))).content().isEqualTo(program.group(2));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void its_links_lead_somewhere(Path page) throws Exception {
        assertThat(LINK.matcher(Files.readString(page)).results().map(link -> page.resolveSibling(link.group(1))))
                .allSatisfy(target -> assertThat(target).exists());
    }

    @Test
    void the_readme_links_to_every_page_of_the_guide() throws Exception {
        String readme = Files.readString(PhpRuns.ROOT.resolve("README.md"));

        assertThat(files(GUIDE))
                .hasSizeGreaterThan(5)
                .allSatisfy(page -> assertThat(readme).contains("(docs/guide/" + page.getFileName() + ")"));
    }

    static List<Path> pages() throws IOException {
        return Stream.concat(files(GUIDE).stream(), files(WIRES).stream()).toList();
    }

    static List<Path> pagesWithCode() throws IOException {
        return pages().stream().filter(page -> !page.equals(INDEX)).toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static String region(Path test, String name) throws IOException {
        Pattern region = Pattern.compile(
                "^ *// @start region=\"" + Pattern.quote(name) + "\"\n(.*?)^ *// @end$",
                Pattern.MULTILINE | Pattern.DOTALL);
        return region.matcher(Files.readString(test))
                .results()
                .map(found -> found.group(1).stripTrailing().stripIndent() + "\n")
                .findFirst()
                .orElseThrow(() -> new AssertionError("no region " + name + " in " + test));
    }
}
