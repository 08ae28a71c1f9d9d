package dev.dyad.bench;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The figures that the repository states are those of the runs that it keeps.
class NumberPagesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("dyad.root", "../..")).toAbsolutePath().normalize();
    private static final String HEADLINES = "<!-- headlines: docs/numbers/([\\w-]+)\\.json -->";

    @Test
    void the_pages_and_the_drawings_say_what_the_runs_say() throws Exception {
        for (Map.Entry<Path, String> file : new NumberPages(ROOT).files().entrySet()) {
            assertThat(file.getKey())
                    .describedAs("%s is not what `./dyad report --docs` writes", file.getKey())
                    .content()
                    .isEqualTo(file.getValue());
        }
    }

    @Test
    void each_run_that_is_kept_has_its_table() throws Exception {
        String numbers = Files.readString(ROOT.resolve("docs/numbers.md"));

        assertThat(new NumberPages(ROOT).runs())
                .isNotEmpty()
                .allSatisfy(file ->
                        assertThat(numbers).contains("<!-- figures: docs/numbers/" + file.getFileName() + " -->"));
    }

    @Test
    void the_readme_has_the_drawing_of_the_headlines() throws Exception {
        assertThat(only("README.md", "!\\[[^]]+]\\(docs/numbers/([\\w-]+)\\.svg\\)"))
                .isEqualTo(only("docs/numbers.md", HEADLINES));
    }

    /// A result or a rival that has another name by now would vanish from the page.
    @Test
    void each_headline_and_each_rival_in_it_is_in_the_run_of_the_page() throws Exception {
        BenchmarkRun run =
                BenchmarkRun.read(ROOT.resolve("docs/numbers", only("docs/numbers.md", HEADLINES) + ".json"));
        Map<String, Set<String>> found = Headlines.of(run).stream()
                .collect(toMap(
                        Result::name,
                        result -> result.beside().stream()
                                .map(Result.Versus::rival)
                                .collect(toSet())));

        assertThat(found)
                .containsExactlyInAnyOrderEntriesOf(
                        Headlines.CHOSEN.stream().collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /// Returns the name of the only run that a page refers to like this.
    private static String only(String page, String pattern) throws IOException {
        List<String> names = Pattern.compile(pattern)
                .matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .map(reference -> reference.group(1))
                .toList();
        assertThat(names).hasSize(1);
        return names.getFirst();
    }

    @Test
    void a_drawing_names_the_ratios_that_it_shows() throws Exception {
        for (Path file : new NumberPages(ROOT).runs()) {
            BenchmarkRun run = BenchmarkRun.read(file);
            if (run.suites().getFirst().suite().equals(SoakRun.SUITE)) {
                continue; // which has no ratios
            }
            List<Result> results = Headlines.of(run);
            String drawing = RatioDrawing.of(results);

            assertThat(results).isNotEmpty();
            assertThat(results).flatExtracting(Result::beside).isNotEmpty();
            for (Result result : results) {
                assertThat(result.beside())
                        .allSatisfy(versus -> assertThat(drawing)
                                .contains(
                                        "<title>" + ReportPage.escaped(RatioChart.text(result, versus)) + "</title>"));
            }
        }
    }

    @Test
    void each_run_fits_into_80_columns() throws Exception {
        for (Path file : new NumberPages(ROOT).runs()) {
            assertThat(ReportMain.text(BenchmarkRun.read(file)).lines())
                    .hasSizeGreaterThan(10)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void a_figure_that_was_changed_by_hand_is_written_over(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("docs/numbers"));
        Files.writeString(
                folder.resolve("docs/numbers/m.json"), SampleRuns.one().json());
        Files.writeString(folder.resolve("docs/numbers.md"), """
                before
                <!-- headlines: docs/numbers/m.json -->
                by hand
                <!-- end -->
                between
                <!-- figures: docs/numbers/m.json -->
                <!-- end -->
                after
                """);

        new NumberPages(folder).write();

        assertThat(folder.resolve("docs/numbers.md"))
                .content()
                .startsWith(
                        "before\n<!-- headlines: docs/numbers/m.json -->\nOn 2 cores, <i>Processor</i>, load 0.3 before, ")
                .contains("<!-- end -->\nbetween\n")
                .contains("| C: 800 (784 to 808) ns | 1.25 (1.25 to 1.25), 6 rounds | at most 1.12: missed |")
                .endsWith("<!-- end -->\nafter\n")
                .doesNotContain("by hand");
        assertThat(folder.resolve("docs/numbers/m.svg")).exists();
    }
}
