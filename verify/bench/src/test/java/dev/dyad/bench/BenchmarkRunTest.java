package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarkRunTest {

    @TempDir
    private Path folder;

    @Test
    void what_was_kept_is_read_again() throws Exception {
        assertThat(BenchmarkRun.read(file(SampleRuns.one().json()))).isEqualTo(SampleRuns.one());
    }

    @Test
    void a_run_that_was_kept_before_anybody_could_be_absent_is_read() throws Exception {
        String older = SampleRuns.one().json().replaceAll(",\\s*\"absent\" : \\[ \\]", "");

        assertThat(older).doesNotContain("absent");
        assertThat(BenchmarkRun.read(file(older))).isEqualTo(SampleRuns.one());
    }

    /// A later version may add one: docs/stability.md.
    @Test
    void a_key_that_nobody_knows_is_passed_over() throws Exception {
        String later = SampleRuns.one()
                .json()
                .replace("\"format\" : 1", "\"format\" : 1, \"later\" : {}")
                .replace("\"absent\" :", "\"later\" : [ 1 ], \"absent\" :");

        assertThat(later).contains("\"later\" : {}", "\"later\" : [ 1 ]");
        assertThat(BenchmarkRun.read(file(later))).isEqualTo(SampleRuns.one());
    }

    @Test
    void a_run_of_another_format_is_named() throws Exception {
        Path later = file(SampleRuns.one().json().replace("\"format\" : 1", "\"format\" : 2"));

        assertThatThrownBy(() -> BenchmarkRun.read(later))
                .isInstanceOfSatisfying(
                        ReportFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(65))
                .hasMessageContaining(later + " is of format 2, and this reads only 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                      | is empty",
                "no JSON                 | is not JSON",
                "{\"format\": 1          | is not JSON, or not all of it, from line 1, column 13 on",
                "{\"machine\": {}}       | has no `format`",
                "[1, 2]                  | has no `format`",
                "{\"format\": \"1\"}     | has a `format` that is no whole number",
                "{\"format\": 1}         | is of no run",
                "{\"format\": 1, \"machine\": null, \"versions\": {}, \"suites\": []} | is of no run",
                "{\"format\": 1, \"machine\": 2, \"versions\": {}, \"suites\": []} | is of no run: see machine"
            })
    void what_is_no_run_is_said_to_be_none(String text, String sentence) throws Exception {
        Path file = file(text);

        assertThatThrownBy(() -> BenchmarkRun.read(file))
                .isInstanceOfSatisfying(
                        ReportFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(65))
                .hasMessageStartingWith(file + " " + sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rounds", "rival", "median", "results", "kernel"})
    void nothing_may_be_missing(String name) throws Exception {
        Path file = file(SampleRuns.one().json().replace("\"" + name + "\"", "\"other\""));

        assertThatThrownBy(() -> BenchmarkRun.read(file))
                .isInstanceOf(ReportFailure.class)
                .hasMessageContaining("is of no run")
                .hasMessageContaining(name);
    }

    @Test
    void a_file_that_is_not_there_is_another_failure() {
        assertThatThrownBy(() -> BenchmarkRun.read(folder.resolve("none.json")))
                .isInstanceOfSatisfying(
                        ReportFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(66))
                .hasMessageContaining("there is no " + folder.resolve("none.json"));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("run.json"), text);
    }
}
