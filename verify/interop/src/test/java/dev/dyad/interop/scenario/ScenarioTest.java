package dev.dyad.interop.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.interop.Interpreters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The scenarios that are written by hand: what PHP does is what Java does, or what the scenario says of each.
class ScenarioTest {

    private static final Path SCENARIOS = Path.of(System.getProperty("dyad.root"))
            .resolve("verify/interop/src/test/resources/dev/dyad/interop/scenario");

    private static Side php;
    private static Side java;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Interpreters.require("php");
        php = new PhpSide(folder.resolve("p"), Side.LIMIT);
        java = new JavaSide(folder.resolve("j"), Side.LIMIT);
    }

    @AfterAll
    static void stop() throws IOException {
        if (php != null) {
            php.close();
            java.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void php_and_java_do_what_the_scenario_says(Scenario scenario) throws Exception {
        String ofPhp = php.run(scenario);
        String ofJava = java.run(scenario);

        if (scenario.isDeviation()) {
            assertThat(ofPhp).isEqualTo(scenario.php());
            assertThat(ofJava).isEqualTo(scenario.java()).isNotEqualTo(ofPhp);
        } else {
            assertThat(ofJava).isEqualTo(ofPhp);
        }
        assertThat(ofPhp).doesNotContain("ParseError", "Undefined constant", Side.HANGS);
    }

    @Test
    void every_deviation_is_named_in_the_table_of_the_page() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("dyad.root")).resolve("docs/php.md"));

        assertThat(scenarios().stream().filter(Scenario::isDeviation))
                .isNotEmpty()
                .allSatisfy(scenario -> assertThat(page).contains("*" + scenario.name() + "*"));
        assertThat(page.lines().filter(line -> line.startsWith("| ")).skip(2))
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(row).matches(".*\\| [^|]*(Test|\\*)[^|]* \\|"));
    }

    static List<Scenario> scenarios() throws IOException {
        var scenarios = new ArrayList<Scenario>();
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                scenarios.addAll(Scenario.readAll(Files.readString(file)));
            }
        }
        return scenarios;
    }
}
