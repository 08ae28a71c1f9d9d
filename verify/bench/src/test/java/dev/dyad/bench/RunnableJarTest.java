package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs every benchmark once, from the jar, so that none rots between the days when somebody wants figures.
class RunnableJarTest {

    @TempDir
    private Path folder;

    @Test
    void every_benchmark_runs_and_leaves_its_figures() throws Exception {
        Path json = folder.resolve("figures.json");

        Programs.output(command("pair", "throughput", "roundtrip", "first-use", "--quick", "--json", json.toString()));

        JsonNode report = JsonMapper.shared().readTree(json);
        assertThat(report.at("/machine/processor").asString()).isNotEmpty();
        assertThat(report.at("/results").findValuesAsString("name"))
                .containsExactly(
                        "64-byte write + read, native memory",
                        "64-byte write + read, Java array",
                        "create + close of a pair",
                        "64 KiB chunks, Java to C",
                        "64 KiB chunks, C to Java",
                        "64-byte round trip, Java asks C, both park",
                        "64-byte round trip, Java asks Java, both park",
                        "64-byte round trip, Java asks C, default spin",
                        "64-byte round trip, Java asks Java, default spin",
                        "64-byte round trip, Java asks C, idle for 200 µs before",
                        "first use in a fresh JVM");
        assertThat(report.at("/results/0/beside").findValuesAsString("rival"))
                .containsExactly("C", "JDK UNIX channel", "junixsocket channel", "jnr channel");
        assertThat(report.at("/results").findValues("median"))
                .allSatisfy(median -> assertThat(median.asDouble()).isPositive());
    }

    private static List<String> command(String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Jvm.FLAGS);
        command.add("-jar");
        command.add("target/benchmarks.jar");
        command.addAll(List.of(arguments));
        return command;
    }
}
