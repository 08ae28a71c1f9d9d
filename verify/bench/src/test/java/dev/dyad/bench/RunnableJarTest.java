package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.NotInShortRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Runs benchmarks from the jar, so that none rots between the days when somebody wants figures. A short run has
/// those of up to three seconds, CI also about a sixth of the others, at random, and a long run all.
class RunnableJarTest {

    private static final double A_SIXTH = 1.0 / 6;
    private static final String NEARLY_NOTHING = "select, 1,000 further ends that are idle";
    private static final String OVERHEAD = "a request to a pool of one, beyond Requests.call, ";

    /// As differences of two figures, they may be less than nothing.
    private static final Set<String> DIFFERENCES = Set.of(NEARLY_NOTHING, OVERHEAD + "p50", OVERHEAD + "p99");

    @TempDir
    private Path folder;

    @Test
    @NotInShortRuns(value = "many_messages_and_channels_of_the_jdk_are_measured", inCi = A_SIXTH)
    void a_pair_is_measured_beside_c_and_the_peers() throws Exception {
        JsonNode results = results("pair");

        assertThat(results.findValuesAsString("name"))
                .containsExactly(
                        "64-byte write + read, native memory",
                        "64-byte write + read, Java array",
                        "create + close of a pair");
        assertThat(results.at("/0/beside").findValuesAsString("rival"))
                .containsExactly(
                        "C",
                        "C with two threads",
                        "bare calls",
                        "JDK UNIX channel",
                        "junixsocket channel",
                        "jnr channel");
    }

    @Test
    @NotInShortRuns(value = "which_ends_are_ready_is_measured_beside_c_and_the_jdk", inCi = A_SIXTH)
    void messages_of_several_sizes_are_measured_beside_c_and_all_peers() throws Exception {
        JsonNode results = results("sizes");

        assertThat(results.findValuesAsString("name"))
                .containsExactly(
                        "64-byte write + read",
                        "1 KiB write + read",
                        "4 KiB write + read",
                        "16 KiB write + read",
                        "64 KiB write + read",
                        "shape: a message takes a constant and bytes ÷ bandwidth");
        assertThat(results.at("/0/beside").findValuesAsString("rival"))
                .containsExactly(
                        "C", "JDK UNIX channel", "TCP loopback", "java.nio Pipe", "junixsocket channel", "jnr channel");
    }

    @Test
    @NotInShortRuns(value = "which_ends_are_ready_is_measured_beside_c_and_the_jdk", inCi = A_SIXTH)
    void what_there_are_many_of_is_measured_and_its_shape_said() throws Exception {
        assertThat(results("scaling").findValuesAsString("name"))
                .containsExactly(
                        "spawn /bin/true, and wait for its exit, beside 10 children",
                        "spawn /bin/true, and wait for its exit, beside 100 children",
                        "spawn /bin/true, and wait for its exit, beside 1,000 children",
                        "shape: a spawn does not take longer beside more children",
                        "threads of the JVM beside 10 children",
                        "threads of the JVM beside 100 children",
                        "threads of the JVM beside 1,000 children",
                        "shape: children add no threads",
                        "64-byte write + read, threads: 1",
                        "64-byte write + read, threads: 2",
                        "64-byte write + read, threads: 4",
                        "64-byte write + read, threads: 8",
                        "shape: more threads, each with its pair, pass no less",
                        "64-byte requests over one channel, virtual threads: 1",
                        "64-byte requests over one channel, virtual threads: 4",
                        "64-byte requests over one channel, virtual threads: 16",
                        "64-byte requests over one channel, virtual threads: 64",
                        "64-byte requests over one channel, virtual threads: 256",
                        "shape: more callers of one channel are answered no less",
                        "an idle end of 2,000, heap",
                        "an idle end of 4,000, heap",
                        "an idle end of 8,000, heap",
                        "shape: an idle end takes no more among many");
    }

    @Test
    @NotInShortRuns(value = "the_first_use_is_measured", inCi = 0)
    void two_processes_are_measured_with_gaps_beside_busy_loops() throws Exception {
        JsonNode results = results("gaps");

        assertThat(results).hasSize(3 * 7);
        assertThat(results.findValuesAsString("name"))
                .startsWith(
                        "64-byte round trip, gap none, p50, beside nobody",
                        "64-byte round trip, gap none, p50, beside a busy loop",
                        "64-byte round trip, gap none, p50, beside two busy loops",
                        "64-byte round trip, gap none, p99, beside nobody")
                .contains("64-byte round trip, gap 10 µs, p99, beside a busy loop")
                .endsWith("64-byte round trip, gap 100 ms, p50, beside two busy loops");
        assertThat(results.at("/0/beside").findValuesAsString("rival"))
                .containsExactly("without spin", "C asks C, both block");
    }

    @Test
    @NotInShortRuns(value = "messages_and_requests_are_measured_beside_c_and_python", inCi = A_SIXTH)
    void two_processes_are_measured_beside_all_others() throws Exception {
        JsonNode results = results("peers");

        assertThat(results.findValuesAsString("name"))
                .containsExactly(
                        "64-byte round trip between two of a kind, p50",
                        "64-byte round trip between two of a kind, p90",
                        "64-byte round trip between two of a kind, p99",
                        "64-byte round trip between two of a kind, p99.9",
                        "64 KiB chunks between two of a kind");
        assertThat(results.at("/0/beside").findValuesAsString("rival"))
                .containsExactly(
                        "JDK UNIX channel",
                        "TCP loopback",
                        "junixsocket channel",
                        "Netty, epoll",
                        "Aeron IPC, both spin",
                        "Python's Pipe",
                        "PHP's socket_create_pair",
                        "Node's process.send");
    }

    @Test
    @NotInShortRuns(value = "the_first_use_is_measured", inCi = A_SIXTH)
    void two_processes_are_measured_beside_c() throws Exception {
        assertThat(results("throughput", "roundtrip").findValuesAsString("name"))
                .containsExactly(
                        "64 KiB chunks, Java to C",
                        "64 KiB chunks, C to Java",
                        "64-byte round trip, Java asks C, both park",
                        "64-byte round trip, Java asks Java, both park",
                        "64-byte round trip, Java asks C, default spin",
                        "64-byte round trip, Java asks Java, default spin",
                        "64-byte round trip, Java asks C, idle for 200 µs before");
    }

    @Test
    @NotInShortRuns(value = "the_first_use_is_measured", inCi = A_SIXTH)
    void two_processes_are_measured_beside_busy_loops() throws Exception {
        assertThat(results("busy").findValuesAsString("name"))
                .containsExactly(
                        "64-byte round trip, beside nobody",
                        "64-byte round trip, beside a busy loop",
                        "64-byte round trip, beside two busy loops",
                        "64-byte round trip, beside a busy loop on the first core",
                        "64-byte round trip, beside a neighbour at low priority");
    }

    @Test
    void messages_and_requests_are_measured_beside_c_and_python() throws Exception {
        assertThat(results("requests").findValuesAsString("name"))
                .containsExactly(
                        "64-byte request and answer, in turn",
                        "64-byte request and answer, in turn, p90",
                        "64-byte request and answer, in turn, p99",
                        "64-byte requests, numbered, of 64 virtual threads",
                        "64-byte messages to C, four threads",
                        "64 MiB messages to C",
                        "64 MiB messages to C, in pieces",
                        "a 64-byte message, heap beyond what is handed out",
                        "an idle channel of 10,000, heap beyond its end",
                        "10,000 idle channels that are received from, CPU of a core");
    }

    @Test
    @NotInShortRuns(value = "messages_and_requests_are_measured_beside_c_and_python", inCi = A_SIXTH)
    void pools_are_measured_beside_channels_and_the_pools_of_others() throws Exception {
        JsonNode results = results("pools");

        assertThat(results.findValuesAsString("name"))
                .containsExactly(
                        "64-byte requests to two workers in C, two callers",
                        "64-byte requests to two workers in Python, two callers",
                        "10,000 virtual callers that wait, heap of each beyond its stack",
                        OVERHEAD + "p50",
                        OVERHEAD + "p99",
                        "a worker in C is killed, its request has failed, p99",
                        "a worker in C is killed, its successor has answered, p99",
                        "the longest request while workers are recycled every 100",
                        "the longest wait for a worker meanwhile");
        assertThat(results.at("/1/beside").findValuesAsString("rival"))
                .containsExactly("ProcessPoolExecutor", "Node's fork and workers");
    }

    @Test
    @NotInShortRuns(value = "which_ends_are_ready_is_measured_beside_c_and_the_jdk", inCi = A_SIXTH)
    void idle_ends_are_measured_beside_the_jdks() throws Exception {
        assertThat(results("idle").findValuesAsString("name"))
                .containsExactly(
                        "10,000 idle readers, CPU of a core",
                        "10,000 idle readers, the last one wakes, p50",
                        "10,000 idle readers, the last one wakes, p90",
                        "10,000 idle readers, the last one wakes, p99",
                        "an idle end, heap and native memory",
                        "an idle end, heap");
    }

    @Test
    void which_ends_are_ready_is_measured_beside_c_and_the_jdk() throws Exception {
        JsonNode results = results("selection");

        assertThat(results.findValuesAsString("name"))
                .containsExactly(
                        "select, one ready of 10 ends",
                        "select, one ready of 100 ends",
                        "select, one ready of 1,000 ends",
                        "select, one ready of 16,000 ends",
                        "select, each further end that is ready",
                        NEARLY_NOTHING,
                        "shape: select does not grow with ends that are idle");
        assertThat(results.at("/0/beside").findValuesAsString("rival"))
                .containsExactly("C, epoll", "JDK UNIX channels");
    }

    @Test
    void many_messages_and_channels_of_the_jdk_are_measured() throws Exception {
        assertThat(results("messages", "channel").findValuesAsString("name"))
                .containsExactly("sendmmsg + recvmmsg of 32 × 64 bytes", "toSocketChannel()");
    }

    @Test
    @NotInShortRuns(value = "the_first_use_is_measured", inCi = A_SIXTH)
    void children_are_measured_beside_c_and_the_jdk() throws Exception {
        JsonNode results = results("children");

        assertThat(results.findValuesAsString("name"))
                .containsExactly(
                        "spawn /bin/true, and wait for its exit",
                        "spawn to the first byte of a child in C",
                        "threads that 1,000 children add",
                        "child killed while we spin, told, p99",
                        "child killed while a read is parked, told, p99",
                        "child killed in mid-write, told, p99",
                        "JVM killed, the last of 100 children gone");
        assertThat(results.at("/0/beside").findValuesAsString("rival"))
                .containsExactly("C", "two bare calls", "ProcessBuilder");
    }

    @Test
    @NotInShortRuns(value = "the_first_use_is_measured", inCi = A_SIXTH)
    void a_java_child_is_measured_with_its_cache_and_without() throws Exception {
        assertThat(results("java-child").findValuesAsString("name"))
                .containsExactly("Java child with AOT cache, spawn to its first byte");
    }

    @Test
    void the_functions_of_php_are_measured() throws Exception {
        assertThat(results("php").findValuesAsString("name"))
                .containsExactly(
                        "socket_write + socket_read of 64 bytes",
                        "socket_select, one ready of 500 pairs",
                        "socket_select, one ready of 5,000 pairs, which PHP refuses");
    }

    @Test
    void the_first_use_is_measured() throws Exception {
        assertThat(results("first-use").findValuesAsString("name")).containsExactly("first use in a fresh JVM");
    }

    /// By the line of docs/guide/jfr.md, with fewer rounds.
    @Test
    void what_a_recording_costs_is_measured() throws Exception {
        String printed =
                Programs.output(java("-cp", "target/benchmarks.jar", "dev.dyad.bench.RecordedSends", "3", "5"));

        assertThat(printed.lines())
                .hasSize(5)
                .allMatch(line -> line.matches("[A-Z]+ +[0-9.]+ of OFF \\(middle half [0-9.]+ to [0-9.]+\\)"));
    }

    /// Runs some suites, and returns what they left, with a figure in every place.
    private JsonNode results(String... suites) throws Exception {
        Path json = folder.resolve("figures.json");
        var arguments = new ArrayList<>(List.of(suites));
        arguments.addAll(List.of("--quick", "--json", json.toString()));

        arguments.addAll(0, List.of("-jar", "target/benchmarks.jar"));
        String printed = Programs.output(java(arguments.toArray(String[]::new)));

        assertThat(printed).contains("  ours   ", "figures: " + json, "charts:  " + folder.resolve("figures.html"));
        JsonNode report = JsonMapper.shared().readTree(json);
        assertThat(report.at("/machine/processor").asString()).isNotEmpty();
        assertThat(report.at("/format").asInt()).isEqualTo(BenchmarkRun.FORMAT);
        assertThat(report.at("/versions/JMH").asString()).matches("[0-9.]+");
        assertThat(report.at("/suites"))
                .hasSameSizeAs(suites)
                .allSatisfy(
                        suite -> assertThat(suite.at("/use/ours").asDouble()).isPositive());
        assertThat(folder.resolve("figures.html")).content().endsWith("</html>\n");
        ArrayNode results = JsonMapper.shared().createArrayNode();
        report.at("/suites").forEach(suite -> suite.at("/results").forEach(results::add));
        assertThat(results)
                .filteredOn(result -> !DIFFERENCES.contains(result.at("/name").asString()))
                .flatExtracting(result -> result.findValues("median"))
                .isNotEmpty()
                .allSatisfy(median -> assertThat(median.asDouble()).isPositive());
        if ("true".equals(System.getenv("CI"))) { // where all that may be missing elsewhere is there
            assertThat(results.findValues("absent")).hasSameSizeAs(results).allMatch(JsonNode::isEmpty, "nobody");
        }
        return results;
    }

    private static List<String> java(String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(Jvm.optionsForJmh()));
        command.addAll(List.of(arguments));
        return command;
    }
}
