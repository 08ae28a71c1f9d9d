package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportMainTest {

    private final StringWriter complaints = new StringWriter();

    @TempDir
    private Path folder;

    private Path run = Path.of("");

    @BeforeEach
    void keep() throws Exception {
        run = Files.writeString(folder.resolve("run.json"), SampleRuns.one().json());
    }

    @Test
    void a_page_goes_beside_the_first_run_unless_it_is_said_where() {
        assertThat(report(run.toString())).isZero();
        assertThat(report("--html", folder.resolve("two.html").toString(), run.toString(), run.toString()))
                .isZero();

        assertThat(folder.resolve("run.html")).content().containsOnlyOnce("<section class=\"run\">");
        assertThat(folder.resolve("two.html")).content().contains("id=\"run-1\"", "id=\"run-2\"");
    }

    @Test
    void a_full_disk_is_a_sentence_and_a_code() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");

        assertThat(report("--html", "/dev/full", run.toString())).isEqualTo(74);
        assertThat(complaints)
                .asString()
                .startsWith("dyad report: can't write \"/dev/full\": No space left")
                .hasLineCount(1);
    }

    @Test
    void a_folder_that_is_not_there_is_too() {
        assertThat(report("--html", folder + "/none/page.html", run.toString())).isEqualTo(74);
        assertThat(complaints).asString().contains("its folder is not there").hasLineCount(1);
    }

    @Test
    void a_file_that_is_no_run_is_a_sentence_and_a_code() throws Exception {
        Path other = Files.writeString(folder.resolve("other.json"), "[]");

        assertThat(report(run.toString(), other.toString())).isEqualTo(65);
        assertThat(complaints)
                .asString()
                .startsWith("dyad report: " + other + " has no `format`")
                .hasLineCount(1);
        assertThat(folder.resolve("run.html")).doesNotExist();
    }

    @Test
    void an_empty_file_is_said_to_be_empty() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.json"), "");

        assertThat(report(empty.toString())).isEqualTo(65);
        assertThat(complaints).hasToString("dyad report: " + empty + " is empty" + System.lineSeparator());
    }

    @Test
    void a_page_is_not_written_over_the_figures() throws Exception {
        Path linked = Files.createSymbolicLink(folder.resolve("linked.json"), run);

        assertThat(report("--html", run.toString(), run.toString())).isEqualTo(2);
        assertThat(report("--html", linked.toString(), run.toString())).isEqualTo(2);
        assertThat(complaints)
                .asString()
                .contains("\"" + run + "\" has the figures")
                .hasLineCount(2);
        assertThat(run).content().isEqualTo(SampleRuns.one().json());
    }

    @ParameterizedTest
    @CsvSource({"median, -5", "min, 1e9", "max, 0"})
    void figures_that_contradict_each_other_are_refused(String what, String number) throws Exception {
        String told =
                SampleRuns.one().json().replaceFirst("\"" + what + "\" : [-0-9.E]+", "\"" + what + "\" : " + number);
        Path wrong = Files.writeString(folder.resolve("wrong.json"), told);

        assertThat(report(wrong.toString())).isEqualTo(65);
        assertThat(complaints)
                .asString()
                .startsWith("dyad report: " + wrong + " has a figure of ")
                .hasLineCount(1);
    }

    @Test
    void a_text_that_cannot_be_printed_is_a_sentence_and_a_code() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
        PrintStream out = System.out;
        try (var full = new PrintStream("/dev/full", StandardCharsets.UTF_8)) {
            System.setOut(full);
            assertThat(report("--text", run.toString())).isEqualTo(74);
        } finally {
            System.setOut(out);
        }

        assertThat(complaints)
                .asString()
                .startsWith("dyad report: not everything could be written to the standard output")
                .hasLineCount(1);
    }

    @Test
    void the_text_says_what_a_ratio_means_in_80_columns() {
        PrintStream out = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertThat(report("--text", run.toString())).isZero();
        } finally {
            System.setOut(out);
        }

        Stream<String> lines = bytes.toString(StandardCharsets.UTF_8).lines();
        assertThat(lines)
                .contains("(of fewer than six rounds: all of them) has 1 in it.")
                .contains("    ÷ 1.25 (1.25 to 1.25)  25 % more time; at most 1.12: missed")
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    private int report(String... arguments) {
        return Main.commandLine()
                .setErr(new PrintWriter(complaints, true))
                .execute(
                        Stream.concat(Stream.of("report"), Stream.of(arguments)).toArray(String[]::new));
    }
}
