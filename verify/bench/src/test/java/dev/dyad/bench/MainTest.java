package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MainTest {

    private final StringWriter complaints = new StringWriter();

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

    @Test
    void a_file_that_cannot_be_written_is_told_before_anything_is_measured() {
        assertThat(run("pair", "--json", "/none/figures.json")).isEqualTo(74);
        assertThat(complaints).asString().contains("can't write \"/none/figures.json\": its folder is not there");
    }

    private int run(String... arguments) {
        return Main.commandLine().setErr(new PrintWriter(complaints, true)).execute(arguments);
    }
}
