package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.bench.Case.Rival;
import dev.dyad.bench.Result.Absent;
import dev.dyad.harness.NotInShortRuns;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who is not there is a row that says so.
class MissingPeerTest {

    private static final String WHY = "there is no no-such-program on this machine";
    private static final List<String> NOBODY = List.of("no-such-program", "--seconds", "1");

    @Test
    void a_program_that_is_not_there_is_missing_and_one_that_fails_is_not() {
        assertThatThrownBy(() -> Programs.output(NOBODY))
                .isInstanceOf(MissingPeer.class)
                .hasMessage(WHY);
        assertThatThrownBy(() -> Programs.output(List.of("/no/such/program"))).isInstanceOf(MissingPeer.class);
        assertThatThrownBy(() -> Programs.output(List.of("sh", "-c", "exit 3")))
                .isNotInstanceOf(MissingPeer.class)
                .hasMessage("sh -c exit 3: exit code 3");
    }

    @Test
    void a_program_may_say_that_something_is_missing() {
        assertThatThrownBy(() -> Programs.output(List.of("sh", "-c", "echo figure=1; echo no epoll here; exit 69")))
                .isInstanceOf(MissingPeer.class)
                .hasMessage("no epoll here");
    }

    @Test
    void a_rival_that_is_missing_is_a_row_and_is_asked_once() throws Exception {
        Result result =
                new Case("ask", "µs", () -> 5, new Rival("C", null, () -> 4), missing("Node")).run(3, new Progress());

        assertThat(result.beside()).extracting(Result.Versus::rival).containsExactly("C");
        assertThat(result.absent()).containsExactly(new Absent("Node", WHY));
        assertThat(result.text()).contains("  Node                      not measured: " + WHY);
        assertThat(ReportTable.of(List.of(result))).contains("<td>Node not measured: " + WHY + "</td>");
    }

    @Test
    void what_ours_needs_may_be_missing_too_and_the_next_case_is_measured() throws Exception {
        List<Result> results = Case.runAll(
                Pace.quick(),
                new Progress(),
                new Case("ask in Python", "µs", missing("python").contender(), missing("Node")),
                new Case("ask", "µs", () -> 5));

        assertThat(results.getFirst().text()).isEqualToNormalizingNewlines("""
                ask in Python
                  ours                      not measured: there is no no-such-program on this machine
                """);
        assertThat(results.getFirst().isMeasured()).isFalse();
        assertThat(results.getLast().ours().median()).isEqualTo(5);
        assertThat(ReportTable.of(results)).contains("<td>ours not measured: " + WHY + "</td>");
    }

    @Test
    void whoever_is_missing_on_a_sheet_is_so_in_each_result() throws Exception {
        var printed = new PrintedFigures();
        printed.take("ours", List.of("sh", "-c", "echo p50=1; echo p99=2"));
        printed.take("Node", NOBODY);

        Result result = Result.of("ask", "µs", null, printed.of("ours", "p50"));

        assertThat(printed.beside(result, "Node's own", null, "Node", "p50").absent())
                .containsExactly(new Absent("Node's own", WHY));
        assertThat(printed.beside(result, "us", null, "ours", "p99").beside()).hasSize(1);
    }

    @Test
    @NotInShortRuns(value = "what_ours_needs_may_be_missing_too_and_the_next_case_is_measured", inCi = 1.0 / 6)
    void without_a_compiler_what_needs_none_is_measured(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        var bench = new ProcessBuilder(Jvm.command(
                        Main.class,
                        List.of(),
                        "--quick",
                        "selection",
                        "roundtrip",
                        "scaling",
                        "--json",
                        json.toString()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT);
        bench.environment().put("PATH", folder.toString());

        assertThat(bench.start().waitFor()).isZero();

        assertThat(BenchmarkRun.read(json).suites())
                .flatExtracting(SuiteRun::results)
                .filteredOn(result -> !result.isMeasured())
                .extracting(Result::name)
                .containsExactly(
                        "64-byte round trip, Java asks C, both park",
                        "64-byte round trip, Java asks C, default spin",
                        "64-byte round trip, Java asks C, idle for 200 µs before",
                        "spawns and threads beside children");
    }

    @ParameterizedTest
    @EnumSource(names = {"JUNIXSOCKET", "JNR"})
    void a_peer_whose_jar_is_not_there_is_missing(Peer peer) {
        List<String> command = Jvm.command(MessageSizes.class, List.of(), peer.name(), "0.01").stream()
                .map(MissingPeerTest::withoutJarsOfPeers)
                .toList();

        assertThatThrownBy(() -> Programs.output(command))
                .isInstanceOf(MissingPeer.class)
                .hasMessageContaining(peer.text() + " can't be loaded");
    }

    @ParameterizedTest
    @EnumSource(names = {"JUNIXSOCKET", "NETTY", "AERON"})
    void a_link_whose_jar_is_not_there_is_missing(LinkedPeer peer) {
        List<String> command = peer.command("0.01").stream()
                .map(MissingPeerTest::withoutJarsOfPeers)
                .toList();

        assertThatThrownBy(() -> Programs.output(command))
                .isInstanceOf(MissingPeer.class)
                .hasMessageContaining(peer.text() + " can't be loaded");
    }

    @Test
    void a_table_of_markdown_says_it_too() throws Exception {
        Result result = new Case("ask", "µs", () -> 5, missing("Node")).run(1, new Progress());
        BenchmarkRun sample = SampleRuns.one();
        var run = new BenchmarkRun(
                sample.machine(), sample.versions(), List.of(new SuiteRun("ask", 1, null, List.of(result))));

        assertThat(MarkdownTable.of(run)).contains("| ask | | Node not measured: " + WHY + " | | |");
    }

    private static Rival missing(String name) {
        return new Rival(name, null, () -> Double.parseDouble(Programs.output(NOBODY)));
    }

    private static String withoutJarsOfPeers(String argument) {
        return argument.contains(File.pathSeparator)
                ? Arrays.stream(argument.split(File.pathSeparator))
                        .filter(path -> !path.matches(".*/(junixsocket|jnr-|netty-|aeron-|agrona)[^/]*"))
                        .collect(Collectors.joining(File.pathSeparator))
                : argument;
    }
}
