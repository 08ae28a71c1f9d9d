package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Reads what Maven and Surefire really printed of a module with four tests that fail.
@Timeout(10)
class MavenLogTest {

    private final MavenLog log = new MavenLog();
    private final List<String> places = new ArrayList<>();

    @Test
    void a_module_is_its_tests_and_what_failed_and_why() throws IOException {
        MavenLog.Module module = read("red-module.log").getFirst();

        assertThat(module.name()).isEqualTo("verify/harness");
        assertThat(module.tests()).isEqualTo(29);
        assertThat(module.failures())
                .extracting(MavenLog.Failure::test)
                .containsExactly(
                        "RedTest.it_fails_for_a_reason",
                        "RedTest.with_values(int)[2]",
                        "RedTest.it_throws",
                        "RedTest.nested_fails");
        assertThat(module.failures().get(0).reason()).contains("expected: 2", "but was: 1");
        assertThat(module.failures().get(2).reason()).isEqualTo("java.lang.IllegalStateException: why");
    }

    @Test
    void a_reason_with_a_description_is_read_to_its_end() {
        log.line("[INFO] ---------------------< dev.dyad:dyad-socket >---------------------", 0);
        log.line("[ERROR] dev.dyad.socket.ATest.it_fails -- Time elapsed: 1 s <<< FAILURE!", 1);
        log.line("java.lang.AssertionError:", 1);
        log.line("[of what it read] ", 1);
        log.line("Expecting empty but was: [1]", 1);
        log.line("\tat dev.dyad.socket.ATest.it_fails(ATest.java:5)", 1);
        log.line("[INFO] BUILD FAILURE", 2);

        assertThat(log.modules().getFirst().failures().getFirst().reason())
                .isEqualTo("java.lang.AssertionError: [of what it read] Expecting empty but was: [1]");
    }

    @Test
    void it_says_which_class_of_how_many_runs() throws IOException {
        read("red-module.log");

        assertThat(places).contains("module 1 of 1, verify/harness: class 6 of 7, RedTest");
    }

    @Test
    void a_build_that_fails_before_its_tests_says_why() throws IOException {
        log.line("[INFO] ---------------------< dev.dyad:dyad-socket >---------------------", 0);
        log.line("[ERROR] /home/me/dyad/socket/A.java:[3,1] ';' expected", 1);
        log.line("[INFO] BUILD FAILURE", 2);

        assertThat(log.modules()).extracting(MavenLog.Module::tests).containsExactly(0);
        assertThat(log.complaints()).containsExactly("/home/me/dyad/socket/A.java:[3,1] ';' expected");
    }

    @Test
    void the_summary_says_what_failed_how_often() throws IOException {
        var text = new ByteArrayOutputStream();
        var summary = new TestSummary(new PrintStream(text, true, UTF_8), 2);
        List<MavenLog.Module> modules = read("red-module.log");

        summary.add(new TestRun(1, modules, List.of("a complaint"), Path.of("run-1.log")));
        summary.add(new TestRun(
                0, List.of(new MavenLog.Module("posix", 5, List.of(), 3)), List.of(), Path.of("run-2.log")));
        summary.print();

        assertThat(summary.passed()).isFalse();
        assertThat(text.toString(UTF_8))
                .contains("run-1.log", "1 of 2 runs failed", "1 × RedTest.it_throws")
                .doesNotContain("a complaint")
                .endsWith("30 passed, 4 failed\n");
        assertThat(TestSummary.line(modules.getFirst()))
                .startsWith("  verify/harness")
                .contains("29 tests", "4 failed", "RedTest.it_throws", "java.lang.IllegalStateException: why");
    }

    @Test
    void a_build_that_fails_without_a_failing_test_is_no_success() throws IOException {
        var text = new ByteArrayOutputStream();
        var summary = new TestSummary(new PrintStream(text, true, UTF_8), 1);

        summary.add(new TestRun(1, List.of(), List.of("it does not compile"), Path.of("run-1.log")));
        summary.print();

        assertThat(summary.passed()).isFalse();
        assertThat(text.toString(UTF_8)).contains("it does not compile").endsWith("0 passed, 0 failed\n");
    }

    @Test
    void a_run_without_a_test_is_no_success() {
        assertThat(new TestRun(0, List.of(new MavenLog.Module("posix", 0, List.of(), 3)), List.of(), Path.of("log"))
                        .passed())
                .isFalse();
    }

    private List<MavenLog.Module> read(String resource) throws IOException {
        var modules = new ArrayList<MavenLog.Module>();
        try (var in = Objects.requireNonNull(MavenLogTest.class.getResourceAsStream(resource))) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                MavenLog.Module ended = log.line(line, 0);
                if (ended != null) {
                    modules.add(ended);
                }
                places.add(log.where(7));
            }
        }
        return modules;
    }
}
