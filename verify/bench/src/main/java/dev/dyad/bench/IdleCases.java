package dev.dyad.bench;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ends that nothing happens on: what they cost, and how soon one of them answers.
///
/// The JDK's channels do the same in the same rounds; everybody has JVMs of their own, which give several figures each.
final class IdleCases {

    /// A heap that is all there from the start, and no compiler: what the process grows by are then the ends.
    static final List<String> NOTHING_ELSE_GROWS =
            List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-Xint");

    private static final String LAST_WAKES = "10,000 idle readers, the last one wakes";
    private static final String JDK = Peer.JDK.name();

    private final Pace pace;
    private final Progress progress;
    private final PrintedFigures printed = new PrintedFigures();

    private IdleCases(Pace pace, Progress progress) {
        this.pace = pace;
        this.progress = progress;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        var cases = new IdleCases(pace, progress);
        cases.measure();
        return List.of(
                cases.result("10,000 idle readers, CPU of a core", "%", IdleReaders.CPU, Goal.atMost(0.5)),
                cases.result("10,000 idle readers, the last one wakes, p50", "µs", IdleReaders.P50, null)
                        .at(LAST_WAKES, CurvePoint.PERCENTILE, 50),
                cases.result("10,000 idle readers, the last one wakes, p90", "µs", IdleReaders.P90, null)
                        .at(LAST_WAKES, CurvePoint.PERCENTILE, 90),
                cases.result("10,000 idle readers, the last one wakes, p99", "µs", IdleReaders.P99, Goal.atMost(1000))
                        .at(LAST_WAKES, CurvePoint.PERCENTILE, 99),
                cases.result("an idle end, heap and native memory", "B", IdleMemory.ALL, Goal.atMost(1024)),
                cases.result("an idle end, heap", "B", IdleMemory.HEAP, null));
    }

    private void measure() throws IOException, InterruptedException {
        List<String> everybody = List.of(PeerPairs.OURS, JDK);
        for (int round = 0; round < pace.rounds(); round++) {
            for (String who : round % 2 == 0 ? everybody : everybody.reversed()) {
                progress.show("idle, round %d of %d: %s".formatted(round + 1, pace.rounds(), who));
                printed.take(
                        who,
                        Jvm.command(
                                IdleReaders.class, List.of(), who, pace.size(5000), pace.seconds(), pace.size(1000)));
                printed.take(who, Jvm.command(IdleMemory.class, NOTHING_ELSE_GROWS, who, pace.size(4000)));
            }
        }
        progress.clear();
    }

    private Result result(String text, String unit, String name, @Nullable Goal goal) {
        return Result.of(text, unit, goal, printed.of(PeerPairs.OURS, name))
                .beside(Peer.JDK.text(), null, printed.of(JDK, name));
    }
}
