package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A soak is drawn like any other run.
class SoakRunTest {

    @TempDir
    private Path folder;

    private BenchmarkRun run() throws Exception {
        SoakRun soak = SoakRun.begin();
        soak.add("threads: flat", "", List.of(7.0, 7.0, 8.0));
        soak.addCurve("threads, at work", "", new TreeMap<>(Map.of(0.0, 20.0, 30.0, 25.0, 60.0, 21.0)));
        return BenchmarkRun.read(Files.writeString(folder.resolve("soak.json"), soak.json(60)));
    }

    @Test
    void its_rows_are_a_table_and_its_curves_are_charts() throws Exception {
        String page = ReportPage.of(List.of(run()));

        assertThat(page)
                .contains("<h3>soak</h3>", "<h4>threads, at work</h4>", "<data value=\"7.0\">7 (7 to 8)</data>")
                .contains("\"at\":0.5", "\"median\":25.0")
                .doesNotContain("Ratios of soak")
                .containsOnlyOnce("<td>threads: flat</td>");
        assertThat(page.substring(0, page.indexOf("<h4>"))).doesNotContain("<td>threads, at work</td>");
    }

    @Test
    void for_a_terminal_and_for_the_documents_its_rows_are_enough() throws Exception {
        assertThat(ReportMain.text(run()))
                .contains("threads: flat, rounds: 3", "7 (7 to 8)")
                .doesNotContain("at work", "÷");
        assertThat(MarkdownTable.of(run()))
                .contains("| threads: flat | 7 (7 to 8), 3 rounds |")
                .doesNotContain("at work");
    }
}
