package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Pools of workers, beside their channels driven by hand and the pools of Python and Node.
///
/// The workers are those of `children/`, which turn 64 bytes into upper case.
final class PoolCases {

    private static final String CALLERS = Integer.toString(AskedWorkers.WORKERS);
    private static final String PYTHON_WORKER = "worker.py";
    private static final String OURS = "ours";
    private static final String NOT_RECYCLED = "not recycled";
    private static final List<String> NO_PAUSES = List.of("-XX:+UseZGC"); // G1's take 5 to 7 ms, the longest of all
    private static final int KILLS = 100;
    private static final int WAITING = 10_000;

    private final CTwin worker;
    private final CTwin processes;
    private final Pace pace;
    private final Progress progress;
    private final PrintedFigures printed = new PrintedFigures();

    private PoolCases(CTwin worker, CTwin processes, Pace pace, Progress progress) {
        this.worker = worker;
        this.processes = processes;
        this.pace = pace;
        this.progress = progress;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var worker = CTwin.compileIfPossible("worker");
                var processes = CTwin.compileIfPossible("processes")) {
            var cases = new PoolCases(worker, processes, pace, progress);
            List<Result> results =
                    new ArrayList<>(Case.runAll(pace, progress, cases.inC(), cases.inPython(), cases.waiting()));
            results.addAll(MissingPeer.orRow("overhead, deaths and recycling", cases::ofWorkersInC));
            return results;
        }
    }

    private Case inC() {
        List<String> command = worker.command();
        return new Case(
                "64-byte requests to two workers in C, two callers",
                "k/s",
                worker.neededBy(rate(AskedWorkers.POOL, command)),
                new Rival(
                        "a channel to each", Goal.atLeast(0.9), worker.neededBy(rate(AskedWorkers.CHANNELS, command))));
    }

    private Case inPython() throws IOException {
        return new Case(
                "64-byte requests to two workers in Python, two callers",
                "k/s",
                rateInPython(),
                new Rival("ProcessPoolExecutor", Goal.atLeast(3), OtherPools.python(pace)),
                new Rival("Node's fork and workers", null, OtherPools.node(pace)));
    }

    private Contender rateInPython() throws IOException {
        Contender rate = rate(AskedWorkers.POOL, List.of("python3", "-c", text(PYTHON_WORKER)));
        return () -> {
            Programs.require("python3");
            return rate.measure();
        };
    }

    private static String text(String file) throws IOException {
        try (InputStream text = Objects.requireNonNull(PoolCases.class.getResourceAsStream(file), file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Contender rate(String how, List<String> worker) {
        var arguments = new ArrayList<>(List.of(how, CALLERS, pace.seconds()));
        arguments.addAll(worker);
        return Jvm.figureOf(AskedWorkers.class, List.of(), arguments.toArray(String[]::new));
    }

    private Case waiting() {
        return new Case(
                "10,000 virtual callers that wait, heap of each beyond its stack",
                "B",
                Goal.atMost(512),
                processes.neededBy(
                        Jvm.figureOf(WaitingCallers.class, List.of(), pace.size(WAITING), processes.program())),
                List.of());
    }

    /// Measures what gives several figures at once.
    private List<Result> ofWorkersInC() throws IOException, InterruptedException {
        worker.require();
        for (int round = 0; round < pace.rounds(); round++) {
            progress.show("pools, round %d of %d".formatted(round + 1, pace.rounds()));
            printed.take(OURS, command(PoolOverhead.class, List.of(), pace.seconds()));
            printed.take(OURS, command(WorkerDeaths.class, List.of(), pace.size(KILLS)));
            for (String who : round % 2 == 0 ? List.of(OURS, NOT_RECYCLED) : List.of(NOT_RECYCLED, OURS)) {
                printed.take(
                        who,
                        command(RecycledWorkers.class, NO_PAUSES, pace.seconds(), Boolean.toString(who.equals(OURS))));
            }
        }
        progress.clear();
        return List.of(
                overhead("p50", PoolOverhead.POOL_P50, PoolOverhead.CHANNEL_P50, Goal.atMost(2)),
                overhead("p99", PoolOverhead.POOL_P99, PoolOverhead.CHANNEL_P99, Goal.atMost(20)),
                death("its request has failed, p99", WorkerDeaths.FAILED, Goal.atMost(5)),
                death("its successor has answered, p99", WorkerDeaths.READY, Goal.atMost(20)),
                recycling(
                                "the longest request while workers are recycled every 100",
                                RecycledWorkers.LONGEST,
                                Goal.atMost(10_000))
                        .beside("the median request", null, printed.of(OURS, RecycledWorkers.MEDIAN))
                        .beside(NOT_RECYCLED, null, printed.of(NOT_RECYCLED, RecycledWorkers.LONGEST)),
                recycling("the longest wait for a worker meanwhile", RecycledWorkers.WAIT, null));
    }

    private List<String> command(Class<?> main, List<String> options, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(worker.program());
        return Jvm.command(main, options, all.toArray(String[]::new));
    }

    private Result overhead(String which, String ofPool, String ofChannel, Goal goal) {
        List<Double> channel = printed.of(OURS, ofChannel);
        List<Double> beyond = new ArrayList<>();
        for (int round = 0; round < channel.size(); round++) {
            beyond.add(printed.of(OURS, ofPool).get(round) - channel.get(round));
        }
        return Result.of("a request to a pool of one, beyond Requests.call, " + which, "µs", goal, beyond)
                .beside("Requests.call", null, channel);
    }

    private Result death(String what, String name, Goal goal) {
        return Result.of("a worker in C is killed, " + what, "ms", goal, printed.of(OURS, name));
    }

    private Result recycling(String what, String name, @Nullable Goal goal) {
        return Result.of(what, "µs", goal, printed.of(OURS, name));
    }
}
