package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.List;

/// 64 KiB chunks one way between two processes, beside C on both sides.
final class ThroughputCases {

    private ThroughputCases() {}

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compile("processes")) {
            var c = new Rival("C to C", Goal.atLeast(0.95), twin.figure("throughput", pace.seconds()));
            return Case.runAll(
                    pace,
                    progress,
                    new Case("64 KiB chunks, Java to C", "GB/s", ours("give", twin, pace), c),
                    new Case("64 KiB chunks, C to Java", "GB/s", ours("take", twin, pace), c));
        }
    }

    private static Contender ours(String what, CTwin twin, Pace pace) {
        return Jvm.figureOf(Throughput.class, List.of(), what, twin.program(), pace.seconds());
    }
}
