package dev.dyad.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A run with one of each: what is better, worse and inside the noise, what no chart can show, a curve, and names that
/// mean something in a page.
final class SampleRuns {

    static final String NASTY = "a </script><b>\"name\" & more";

    private static final RunConditions MACHINE = new RunConditions(
            "<i>Processor</i>",
            2,
            0.25,
            2048,
            "System 1",
            "Linux 6.18.1",
            "Temurin-25",
            Instant.parse("2026-11-27T10:00:00Z"));

    private SampleRuns() {}

    static BenchmarkRun one() {
        var use = new CoreUse(1.5, 0.25, 0.125);
        return new BenchmarkRun(
                MACHINE,
                Map.of("PHP", "not on this machine"),
                List.of(new SuiteRun("pair", 12, use, pair()), new SuiteRun("channel", 1, null, alone())));
    }

    private static List<Result> pair() {
        List<Double> ours = rounds(1000);
        var results = new ArrayList<Result>();
        results.add(Result.of(NASTY, "ns", null, ours)
                .beside("C", Goal.atMost(1.12), rounds(800))
                .beside("the JDK", Goal.atMost(1), rounds(2000))
                .beside("like ours", null, List.of(900.0, 1100.0, 1000.0, 980.0, 1020.0, 1000.0))
                .beside("nothing", null, rounds(0)));
        for (int ends : List.of(10, 100, 1000)) {
            results.add(Result.of(ends + " ends", "µs", Goal.atMost(100), rounds(ends))
                    .beside("C", null, rounds(0.75 * ends))
                    .at("cost of ends", "ends", ends));
        }
        for (int percentile : List.of(50, 99)) {
            results.add(Result.of("wakes, p" + percentile, "µs", null, rounds(percentile))
                    .at("wakes", CurvePoint.PERCENTILE, percentile));
        }
        return results;
    }

    private static List<Result> alone() {
        return List.of(Result.of("toSocketChannel()", "µs", Goal.atMost(60), rounds(17.6)));
    }

    private static List<Double> rounds(double middle) {
        return List.of(0.99 * middle, middle, 1.01 * middle, middle, 0.98 * middle, middle);
    }
}
