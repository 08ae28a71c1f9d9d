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
                .startsWith("report: can't write \"/dev/full\": No space left")
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
                .startsWith("report: " + other + " has no `format`")
                .hasLineCount(1);
        assertThat(folder.resolve("run.html")).doesNotExist();
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
                .startsWith("report: not everything could be written to the standard output")
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
