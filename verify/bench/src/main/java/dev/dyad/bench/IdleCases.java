package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ends that nothing happens on: what they cost, and how soon one of them answers.
///
/// The JDK's channels do the same in the same rounds; everybody has JVMs of their own, which give several figures each.
final class IdleCases {

    /// A heap that is all there from the start, and no compiler: what the process grows by are then the ends.
    private static final List<String> NOTHING_ELSE_GROWS =
            List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-Xint");

    private static final String JDK = Peer.JDK.name();

    private final Pace pace;
    private final Progress progress;
    private final Map<String, List<Double>> figures = new HashMap<>();

    private IdleCases(Pace pace, Progress progress) {
        this.pace = pace;
        this.progress = progress;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        var cases = new IdleCases(pace, progress);
        cases.measure();
        return List.of(
                cases.result("10,000 idle readers, CPU of a core", "%", IdleReaders.CPU, Goal.atMost(0.5)),
                cases.result("10,000 idle readers, the last one wakes, p50", "µs", IdleReaders.P50, null),
                cases.result("10,000 idle readers, the last one wakes, p99", "µs", IdleReaders.P99, Goal.atMost(1000)),
                cases.result("an idle end, heap and native memory", "B", IdleMemory.ALL, Goal.atMost(1024)),
                cases.result("an idle end, heap", "B", IdleMemory.HEAP, null));
    }

    private void measure() throws IOException, InterruptedException {
        List<String> everybody = List.of(Pairs.OURS, JDK);
        for (int round = 0; round < pace.rounds(); round++) {
            for (String who : round % 2 == 0 ? everybody : everybody.reversed()) {
                progress.show("idle, round %d of %d: %s".formatted(round + 1, pace.rounds(), who));
                take(
                        who,
                        Jvm.command(
                                IdleReaders.class, List.of(), who, pace.size(5000), pace.seconds(), pace.size(1000)));
                take(who, Jvm.command(IdleMemory.class, NOTHING_ELSE_GROWS, who, pace.size(4000)));
            }
        }
        progress.clear();
    }

    /// Takes the lines that a program prints, each of them `name=figure`.
    private void take(String who, List<String> command) throws IOException, InterruptedException {
        for (String line : Programs.output(command).lines().toList()) {
            int sign = line.indexOf('=');
            of(who, line.substring(0, sign)).add(Double.valueOf(line.substring(sign + 1)));
        }
    }

    private Result result(String text, String unit, String name, @Nullable Goal goal) {
        return Result.of(text, unit, goal, of(Pairs.OURS, name)).beside(Peer.JDK.text(), null, of(JDK, name));
    }

    private List<Double> of(String who, String name) {
        return figures.computeIfAbsent(who + " " + name, _ -> new ArrayList<>());
    }
}
