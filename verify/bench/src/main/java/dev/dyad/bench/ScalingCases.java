package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What things cost when there are many of them: children, threads, callers, ends. What is expected of each curve is a
/// row below it.
final class ScalingCases {

    private static final List<Integer> CHILDREN = List.of(10, 100, 1_000);
    private static final List<Integer> THREADS = List.of(1, 2, 4, 8);
    private static final List<Integer> CALLERS = List.of(1, 4, 16, 64, 256);
    private static final List<Integer> ENDS = List.of(2_000, 4_000, 8_000);
    private static final String OURS = PeerPairs.OURS;
    private static final String JDK = Peer.JDK.name();

    private final Pace pace;
    private final PrintedFigures printed = new PrintedFigures();
    private final List<Result> results = new ArrayList<>();
    private @Nullable String noChildren; // why

    private ScalingCases(Pace pace) {
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        var cases = new ScalingCases(pace);
        try (var twin = CTwin.compileIfPossible("spawn")) {
            for (int round = 0; round < pace.rounds(); round++) {
                for (String who : round % 2 == 0 ? List.of(JDK, OURS) : List.of(OURS, JDK)) {
                    progress.show("scaling, round %d of %d: %s".formatted(round + 1, pace.rounds(), who));
                    cases.measure(who, twin);
                }
            }
        }
        progress.clear();
        cases.addChildrenOrWhyNot();
        cases.addThreads();
        cases.addCallers();
        cases.addEnds();
        return cases.results;
    }

    private void measure(String who, CTwin twin) throws IOException, InterruptedException {
        measureChildren(who, twin);
        printed.take(
                who,
                Jvm.command(ThreadsRate.class, List.of(), arguments(Stream.of(who, pace.seconds()), THREADS.stream())));
        if (!who.equals(OURS)) {
            return;
        }
        printed.take(
                who, Jvm.command(CallersRate.class, List.of(), arguments(Stream.of(pace.seconds()), CALLERS.stream())));
        for (int ends : ENDS) {
            printed.take(
                    who + ends, Jvm.command(IdleMemory.class, IdleCases.NOTHING_ELSE_GROWS, who, pace.size(ends / 2)));
        }
    }

    private void measureChildren(String who, CTwin twin) throws IOException, InterruptedException {
        try {
            twin.require();
        } catch (MissingPeer e) {
            noChildren = String.valueOf(e.getMessage());
            return;
        }
        printed.take(
                who,
                Jvm.command(
                        SpawnsAmongChildren.class,
                        List.of(),
                        arguments(Stream.of(who, pace.seconds(), twin.program()), sized(CHILDREN))));
    }

    private Stream<Integer> sized(List<Integer> numbers) {
        return numbers.stream().map(pace::size).map(Integer::valueOf);
    }

    private static String[] arguments(Stream<String> first, Stream<Integer> numbers) {
        return Stream.concat(first, numbers.map(String::valueOf)).toArray(String[]::new);
    }

    private void addChildrenOrWhyNot() {
        if (noChildren != null) {
            results.add(Result.ofNothing("spawns and threads beside children", "", noChildren));
        } else {
            addChildren();
        }
    }

    private void addChildren() {
        var spawns = new ArrayList<Result>();
        var threads = new ArrayList<Result>();
        for (int children : CHILDREN) {
            int number = Integer.parseInt(pace.size(children));
            String beside = String.format(Locale.ROOT, "beside %,d children", children);
            spawns.add(besideJdk(
                            "spawn /bin/true, and wait for its exit, " + beside,
                            "µs",
                            "ProcessBuilder",
                            SpawnsAmongChildren.micros(number))
                    .at("a spawn beside other children", "children", children));
            threads.add(
                    besideJdk("threads of the JVM " + beside, "", "ProcessBuilder", SpawnsAmongChildren.threads(number))
                            .at("threads beside children", "children", children));
        }
        add(spawns, Shape.CONSTANT.of("a spawn does not take longer beside more children", 1.3, spawns));
        add(threads, Shape.CONSTANT.of("children add no threads", 1.2, threads));
    }

    private void addThreads() {
        var rates = new ArrayList<Result>();
        for (int threads : THREADS) {
            rates.add(besideJdk(
                            "64-byte write + read, threads: %d".formatted(threads),
                            "M/s",
                            Peer.JDK.text(),
                            ThreadsRate.ofThreads(threads))
                    .at("write + read on threads with a pair each", "threads", threads));
        }
        add(rates, Shape.NEVER_FALLING.of("more threads, each with its pair, pass no less", 1.3, rates));
    }

    private void addCallers() {
        var rates = new ArrayList<Result>();
        for (int callers : CALLERS) {
            rates.add(Result.of(
                            "64-byte requests over one channel, virtual threads: %d".formatted(callers),
                            "k/s",
                            null,
                            printed.of(OURS, CallersRate.ofCallers(callers)))
                    .at("requests over one channel", "callers", callers));
        }
        add(rates, Shape.NEVER_FALLING.of("more callers of one channel are answered no less", 1.3, rates));
    }

    private void addEnds() {
        var heaps = new ArrayList<Result>();
        for (int ends : ENDS) {
            heaps.add(Result.of(
                            String.format(Locale.ROOT, "an idle end of %,d, heap", ends),
                            "B",
                            null,
                            printed.of(OURS + ends, IdleMemory.HEAP))
                    .at("heap of an idle end", "ends", ends));
        }
        add(heaps, Shape.CONSTANT.of("an idle end takes no more among many", 1.2, heaps));
    }

    private void add(List<Result> points, Result shape) {
        results.addAll(points);
        results.add(shape);
    }

    private Result besideJdk(String text, String unit, String rival, String name) {
        return printed.beside(Result.of(text, unit, null, printed.of(OURS, name)), rival, null, JDK, name);
    }
}
