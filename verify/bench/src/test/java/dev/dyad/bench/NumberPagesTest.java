package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The figures that the repository states are those of the runs that it keeps.
class NumberPagesTest {

    private static final Path ROOT =
            Path.of(System.getProperty("dyad.root", "../..")).toAbsolutePath().normalize();

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
    void each_run_that_is_kept_has_its_table_and_each_headline_its_run() throws Exception {
        String numbers = Files.readString(ROOT.resolve("docs/numbers.md"));
        List<String> results = new ArrayList<>();
        for (Path file : new NumberPages(ROOT).runs()) {
            assertThat(numbers).contains("<!-- figures: docs/numbers/" + file.getFileName() + " -->");
            BenchmarkRun.read(file)
                    .suites()
                    .forEach(suite -> suite.results().forEach(result -> results.add(result.name())));
        }

        assertThat(results).containsAll(Headlines.names());
        assertThat(ROOT.resolve("README.md"))
                .content()
                .containsPattern("!\\[[^]]+]\\(docs/numbers/[\\w-]+\\.svg\\)")
                .containsPattern("<!-- headlines: docs/numbers/[\\w-]+\\.json -->");
    }

    @Test
    void a_drawing_names_the_ratios_that_it_shows() throws Exception {
        for (Path file : new NumberPages(ROOT).runs()) {
            List<Result> results = Headlines.of(BenchmarkRun.read(file));
            if (results.isEmpty()) {
                continue; // a soak
            }
            String drawing = RatioDrawing.of(results);

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
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void a_figure_that_was_changed_by_hand_is_written_over(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("docs/numbers"));
        Files.writeString(
                folder.resolve("docs/numbers/m.json"), SampleRuns.one().json());
        Files.writeString(
                folder.resolve("README.md"),
                "before\n<!-- headlines: docs/numbers/m.json -->\nby hand\n<!-- end -->\nafter\n");
        Files.writeString(folder.resolve("docs/numbers.md"), "<!-- figures: docs/numbers/m.json -->\n<!-- end -->\n");

        new NumberPages(folder).write();

        assertThat(folder.resolve("README.md"))
                .content()
                .startsWith(
                        "before\n<!-- headlines: docs/numbers/m.json -->\nOn 2 cores of an <i>Processor</i>, load 0.3 before, ")
                .endsWith("<!-- end -->\nafter\n")
                .doesNotContain("by hand");
        assertThat(folder.resolve("docs/numbers.md"))
                .content()
                .contains("| C: 800 (784 to 808) ns | 1.25 (1.25 to 1.25), 6 rounds | at most 1.12: missed |");
        assertThat(folder.resolve("docs/numbers/m.svg")).exists();
    }
}
