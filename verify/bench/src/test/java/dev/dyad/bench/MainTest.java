package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class MainTest {

    private final StringWriter complaints = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void a_suite_that_is_none_is_wrong_usage() {
        assertThat(run("pears")).isEqualTo(2);
        assertThat(complaints)
                .asString()
                .contains("pears")
                .contains(Stream.of(Suite.values()).map(Suite::toString).toList());
    }

    @Test
    void no_rounds_are_wrong_usage() {
        assertThat(run("pair", "--rounds", "0")).isEqualTo(2);
        assertThat(complaints).asString().contains("--rounds must be at least 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--html"})
    void an_empty_name_is_no_file(String option) {
        assertThat(run("pair", option, "")).isEqualTo(2);
        assertThat(complaints).asString().contains(option).contains("an empty name is no file");
    }

    @Test
    void figures_that_go_into_no_file_leave_no_page_beside() {
        assertThat(run("--quick", "first-use", "--json", "/dev/null")).isZero();
        assertThat(Path.of("/dev/null.html")).doesNotExist();
    }

    @Test
    void a_link_is_followed_and_left_whether_its_target_is_there_or_not() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("l.json"), Path.of("target.json"));

        ReportFailure.requireWritable(link);
        assertThat(link).isSymbolicLink();
        assertThat(folder.resolve("target.json")).doesNotExist();

        ReportFailure.write(link, "{}");
        assertThat(folder.resolve("target.json")).content().isEqualTo("{}");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void a_pipe_is_opened_once() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        ReportFailure.requireWritable(pipe); // would wait for a reader

        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        ReportFailure.write(pipe, "{}");
        assertThat(reader.inputReader().readLine()).isEqualTo("{}");
    }

    @Test
    void that_something_is_not_permitted_is_said() {
        Path file = Path.of("/some/file");
        assertThat(ReportFailure.why(file, new AccessDeniedException("/some/file")))
                .isEqualTo("permission denied");
    }

    @Test
    void figures_do_not_go_where_the_text_goes() {
        assertThat(run("pair", "--json", "/proc/self/fd/1")).isEqualTo(2);
        assertThat(complaints).asString().contains("is the standard output").hasLineCount(1);
    }

    @Test
    void a_page_lies_beside_the_file_that_has_the_figures_of_each_suite_once() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.writeString(place.resolve("kept.json"), ""));

        assertThat(run("--quick", "first-use", "first-use", "--json", link.toString()))
                .isZero();

        assertThat(place.resolve("kept.html")).exists();
        assertThat(JsonMapper.shared().readTree(link).at("/suites")).hasSize(1);
        assertThat(folder).isDirectoryContaining("glob:**/link").isDirectoryNotContaining("glob:**/*.html");
    }

    @Test
    void a_file_that_cannot_be_written_is_told_before_anything_is_measured() {
        assertThat(run("pair", "--json", "/none/figures.json")).isEqualTo(74);
        assertThat(complaints).asString().contains("can't write \"/none/figures.json\": its folder is not there");
    }

    @Test
    void figures_and_their_page_are_two_files() {
        String file = folder.resolve("one").toString();

        assertThat(run("pair", "--json", file, "--html", folder + "/./one")).isEqualTo(2);
        assertThat(complaints)
                .asString()
                .startsWith("dyad bench: \"" + folder + "/./one\" has the figures")
                .hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_link_to_the_figures_is_no_second_file() throws Exception {
        Path kept = Files.writeString(folder.resolve("kept.json"), "{}");
        Path linked = Files.createSymbolicLink(folder.resolve("linked.html"), kept);

        assertThat(run("pair", "--json", kept.toString(), "--html", linked.toString()))
                .isEqualTo(2);
        assertThat(kept).content().isEqualTo("{}");
    }

    @Test
    void a_quick_run_has_as_many_rounds_as_are_said() throws Exception {
        Path json = folder.resolve("figures.json");

        assertThat(run("--quick", "--rounds", "2", "first-use", "--json", json.toString()))
                .isZero();

        assertThat(JsonMapper.shared().readTree(json).at("/suites/0/results/0/ours/rounds"))
                .hasSize(2);
    }

    private int run(String... arguments) {
        return Main.commandLine().setErr(new PrintWriter(complaints, true)).execute(arguments);
    }
}
