package dev.dyad.interop.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Sampled;
import dev.dyad.harness.TestLength;
import dev.dyad.interop.Php;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The scenarios that are written by hand: what PHP does is what Java does, or what the scenario says of each.
@Sampled
class ScenarioTest {

    private static final Path SCENARIOS = Path.of(System.getProperty("dyad.root"))
            .resolve("verify/interop/src/test/resources/dev/dyad/interop/scenario");

    /// In a short run one of those that are here.
    private static final List<Php> PHPS = TestLength.oneOrAll(Php.all());

    private static final Map<Php, Side> SIDES = new LinkedHashMap<>();
    private static Side java;

    /// What Java did, which is the same whatever PHP it is compared with.
    private static final Map<Scenario, String> OF_JAVA = new HashMap<>();

    /// A scenario, and a PHP that goes through it.
    record Run(Scenario scenario, Php php) {

        @Override
        public String toString() {
            return scenario.name() + ", " + php;
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        for (Php version : PHPS) {
            SIDES.put(version, new PhpSide(version, folder.resolve(version.minor()), Side.LIMIT));
        }
        java = new JavaSide(folder.resolve("j"), Side.LIMIT);
    }

    @AfterAll
    static void stop() throws IOException {
        for (Side side : SIDES.values()) {
            side.close();
        }
        SIDES.clear();
        OF_JAVA.clear();
        if (java != null) {
            java.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void php_and_java_do_what_the_scenario_says(Run run) throws Exception {
        Scenario scenario = run.scenario();
        String ofPhp = SIDES.get(run.php()).run(scenario);
        String ofJava = ofJava(scenario);

        if (!scenario.isOf(run.php())) {
            assertThat(ofPhp).as("an older PHP does otherwise").isNotEqualTo(ofJava);
        } else if (scenario.isDeviation()) {
            assertThat(ofPhp).isEqualTo(scenario.php());
            assertThat(ofJava).isEqualTo(scenario.java()).isNotEqualTo(ofPhp);
        } else {
            assertThat(ofJava).isEqualTo(ofPhp);
        }
        assertThat(ofPhp).doesNotContain("ParseError", Side.HANGS);
        assertThat(scenario.isOf(run.php()) ? ofPhp : "").doesNotContain("Undefined constant");
    }

    private static String ofJava(Scenario scenario) throws Exception {
        String known = OF_JAVA.get(scenario);
        if (known != null) {
            return known;
        }
        String ofJava = java.run(scenario);
        OF_JAVA.put(scenario, ofJava);
        return ofJava;
    }

    static List<Run> runs() throws IOException {
        var runs = new ArrayList<Run>();
        for (Php version : PHPS) {
            for (Scenario scenario : scenarios()) {
                runs.add(new Run(scenario, version));
            }
        }
        return runs;
    }

    @Test
    void every_deviation_is_named_in_the_table_of_the_page() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("dyad.root")).resolve("docs/php.md"));

        assertThat(scenarios().stream().filter(Scenario::isDeviation))
                .isNotEmpty()
                .allSatisfy(scenario -> assertThat(page).contains("*" + scenario.name() + "*"));
        assertThat(scenarios().stream().filter(scenario -> !scenario.since().isEmpty()))
                .isNotEmpty()
                .allSatisfy(scenario -> assertThat(page.lines())
                        .anySatisfy(row -> assertThat(row)
                                .startsWith("| ")
                                .contains("| " + scenario.since() + " |", "*" + scenario.name() + "*")));
        assertThat(page.lines().filter(line -> line.startsWith("| ") && !line.startsWith("| ---")))
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
