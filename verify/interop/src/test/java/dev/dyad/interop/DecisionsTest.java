package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages of decisions: each decision has its four parts, its tests exist, and it is found from the index.
class DecisionsTest {

    private static final Path ARCHITECTURE = PhpRuns.ROOT.resolve("ARCHITECTURE.md");
    private static final Path FOLDER = PhpRuns.ROOT.resolve("docs/decisions");
    private static final Path INDEX = FOLDER.resolve("README.md");

    private static final Pattern DECISION = Pattern.compile("^## (.+)\n((?:(?!## ).*\n)*)", Pattern.MULTILINE);
    private static final Pattern PART = Pattern.compile("^\\*\\*(\\w+)\\.\\*\\* \\S", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(([^)]+)\\)");
    private static final Pattern DROPPED_IN_ANCHORS = Pattern.compile("[^\\p{L}\\p{N}_ -]");

    /// @param text what is between its heading and the next one
    record Decision(Path page, String heading, String text) {

        String evidence() {
            return text.substring(text.indexOf("**Evidence.** ") + "**Evidence.** ".length());
        }

        /// The link to its heading, whose anchor is made as the usual hosts of repositories make it.
        String link() {
            String anchor = DROPPED_IN_ANCHORS
                    .matcher(heading.toLowerCase(Locale.ROOT))
                    .replaceAll("")
                    .replace(' ', '-');
            return "[" + heading + "](" + page.getFileName() + "#" + anchor + ")";
        }

        @Override
        public String toString() {
            return heading;
        }
    }

    @Test
    void each_has_its_four_parts_in_their_order() {
        assertThat(decisions())
                .hasSizeGreaterThan(70)
                .allSatisfy(decision -> assertThat(
                                PART.matcher(decision.text()).results().map(part -> part.group(1)))
                        .containsExactly("Context", "Decision", "Cost", "Evidence"));
    }

    @Test
    void each_test_that_is_evidence_exists() {
        assertThat(decisions())
                .filteredOn(decision -> !decision.evidence().startsWith("none: ")) // and why there is none
                .hasSizeGreaterThan(70)
                .allSatisfy(decision -> NamedTests.requireMethodsOrClasses(decision.evidence()));
    }

    @Test
    void the_index_links_to_each_decision_once_and_to_nothing_else() {
        assertThat(links(INDEX).map(MatchResult::group))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        decisions().stream().map(Decision::link).toList());
    }

    @Test
    void architecture_links_to_each_page() {
        assertThat(links(ARCHITECTURE).map(link -> PhpRuns.ROOT.resolve(link.group(2))))
                .contains(INDEX)
                .containsAll(pages());
    }

    @ParameterizedTest
    @MethodSource("pagesAndArchitecture")
    void each_link_of_a_page_leads_to_a_file(Path page) {
        assertThat(links(page).map(link -> page.resolveSibling(link.group(2).replaceFirst("#.*", ""))))
                .allSatisfy(file -> assertThat(file).exists());
    }

    static List<Path> pagesAndArchitecture() {
        return Stream.concat(pages().stream(), Stream.of(ARCHITECTURE)).toList();
    }

    private static List<Path> pages() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> !file.equals(INDEX)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Decision> decisions() {
        return pages().stream()
                .flatMap(page -> DECISION.matcher(read(page))
                        .results()
                        .map(found -> new Decision(page, found.group(1), found.group(2))))
                .toList();
    }

    private static Stream<MatchResult> links(Path page) {
        return LINK.matcher(read(page)).results();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
