package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The few ratios of a run that docs/numbers.md begins with, and that the README has a drawing of.
final class Headlines {

    /// A result, and those that it is shown beside.
    static final List<Map.Entry<String, Set<String>>> CHOSEN = List.of(
            Map.entry("64-byte write + read, native memory", Set.of("C", "JDK UNIX channel", "junixsocket channel")),
            Map.entry("64 KiB chunks, Java to C", Set.of("C to C")),
            Map.entry("64 KiB chunks, C to Java", Set.of("C to C")),
            Map.entry(
                    "64-byte round trip, Java asks Java, default spin",
                    Set.of("C asks C, both block", "C asks C, both spin")),
            Map.entry("64-byte request and answer, in turn", Set.of("Python's Pipe", "Node's process.send")),
            Map.entry("64-byte messages to C, four threads", Set.of("C, a send each")),
            Map.entry("64-byte requests to two workers in C, two callers", Set.of("a channel to each")),
            Map.entry(
                    "64-byte requests to two workers in Python, two callers",
                    Set.of("ProcessPoolExecutor", "Node's fork and workers")),
            Map.entry("spawn /bin/true, and wait for its exit", Set.of("C", "ProcessBuilder")),
            Map.entry("socket_write + socket_read of 64 bytes", Set.of("PHP")));

    private Headlines() {}

    /// Returns those of a run, each with nobody but those chosen: what a run of some suites lacks is left out.
    static List<Result> of(BenchmarkRun run) {
        var found = new ArrayList<Result>();
        for (Map.Entry<String, Set<String>> each : CHOSEN) {
            run.suites().stream()
                    .flatMap(suite -> suite.results().stream())
                    .filter(result -> result.name().equals(each.getKey()))
                    .map(result -> only(result, each.getValue()))
                    .forEach(found::add);
        }
        return found;
    }

    private static Result only(Result result, Set<String> rivals) {
        List<Versus> beside = result.beside().stream()
                .filter(versus -> rivals.contains(versus.rival()))
                .toList();
        return new Result(
                result.name(), result.unit(), result.goal(), result.place(), result.ours(), beside, List.of());
    }
}
