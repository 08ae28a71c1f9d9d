package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What can be asked for by name.
enum Suite {

    /// A pair beside its twin in C, and beside the peers.
    PAIR("pair", 5, Duration.ofMillis(400)),

    /// Messages of several sizes.
    SIZES("sizes", 5, Duration.ofMillis(300)),

    /// Many messages by one call.
    MESSAGES("messages", 9, Duration.ofMillis(400)),

    /// One way between two processes.
    THROUGHPUT("throughput", 9, Duration.ofSeconds(1)),

    /// There and back between two processes.
    ROUND_TRIP("roundtrip", 6, Duration.ofMillis(500)),

    /// The same while others want the cores.
    BUSY("busy", 6, Duration.ofSeconds(1)),

    /// There and back with something else in between, and beside others.
    GAPS("gaps", 5, Duration.ofMillis(300)),

    /// Two processes beside all else that two processes can use.
    PEERS("peers", 5, Duration.ofMillis(500)),

    /// Messages, and requests that are answered, between two processes.
    REQUESTS("requests", 6, Duration.ofMillis(500)),

    /// Pools of workers, beside what drives them by hand and the pools of others.
    POOLS("pools", 6, Duration.ofMillis(500)),

    /// Ends that nothing happens on.
    IDLE("idle", 3, Duration.ofSeconds(10)),

    /// Which of many ends are ready.
    SELECTION("selection", 6, Duration.ofMillis(300)),

    /// What things cost when there are many of them.
    SCALING("scaling", 5, Duration.ofMillis(300)),

    /// An end that becomes a channel of the JDK.
    CHANNEL("channel", 9, Duration.ofMillis(500)),

    /// Children.
    CHILDREN("children", 6, Duration.ofMillis(700)),

    /// The functions of PHP.
    PHP("php", 6, Duration.ofMillis(500)),

    /// The first pair of a fresh JVM.
    FIRST_USE("first-use", 15, Duration.ZERO),

    /// A Java child, with its AOT cache and without.
    JAVA_CHILD("java-child", 15, Duration.ZERO),

    /// The launcher, with its AOT cache and without.
    EXEC("exec", 20, Duration.ZERO);

    private final String name;
    private final int rounds;
    private final Duration span;

    /// @param rounds how many give a figure to state
    /// @param span how long each figure takes to make, where it is an average
    Suite(String name, int rounds, Duration span) {
        this.name = name;
        this.rounds = rounds;
        this.span = span;
    }

    /// Returns how to measure for a figure to state.
    Pace pace() {
        return Pace.full(rounds, span);
    }

    List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        return switch (this) {
            case PAIR -> PairCases.run(pace, progress);
            case SIZES -> SizeCases.run(pace, progress);
            case MESSAGES -> messages(pace, progress);
            case THROUGHPUT -> ThroughputCases.run(pace, progress);
            case ROUND_TRIP -> RoundTripCases.run(pace, progress);
            case BUSY -> BusyCases.run(pace, progress);
            case GAPS -> GapCases.run(pace, progress);
            case PEERS -> PeerCases.run(pace, progress);
            case REQUESTS -> RequestCases.run(pace, progress);
            case POOLS -> PoolCases.run(pace, progress);
            case IDLE -> IdleCases.run(pace, progress);
            case SELECTION -> SelectionCases.run(pace, progress);
            case SCALING -> ScalingCases.run(pace, progress);
            case CHANNEL -> channel(pace, progress);
            case CHILDREN -> ChildCases.run(pace, progress);
            case PHP -> PhpCases.run(pace, progress);
            case FIRST_USE -> firstUse(pace, progress);
            case JAVA_CHILD -> JavaChildCases.run(pace, progress);
            case EXEC -> exec(pace, progress);
        };
    }

    /// Returns the name that is asked for.
    @Override
    public String toString() {
        return name;
    }

    private static List<Result> messages(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compileIfPossible("pair")) {
            var c = new Rival("C", Goal.atLeast(0.95), rate(twin.figure("send-receive-many", pace.seconds())));
            return Case.runAll(
                    pace,
                    progress,
                    new Case("sendmmsg + recvmmsg of 32 × 64 bytes", "M/s", rate(Jmh.nanosOfBatch(pace)), c));
        }
    }

    /// Returns the millions of messages a second that lie in the nanoseconds of a batch.
    private static Contender rate(Contender nanos) {
        return () -> BatchBenchmark.MESSAGES * 1e3 / nanos.measure();
    }

    private static List<Result> channel(Pace pace, Progress progress) throws IOException, InterruptedException {
        Contender micros = Jvm.figureOf(ToChannel.class, List.of(), pace.seconds());
        return Case.runAll(pace, progress, new Case("toSocketChannel()", "µs", Goal.atMost(60), micros, List.of()));
    }

    private static List<Result> firstUse(Pace pace, Progress progress) throws IOException, InterruptedException {
        var bare = new Rival("four bare calls", Goal.atMost(1.40), millis(BareFirstUse.class));
        return Case.runAll(pace, progress, new Case("first use in a fresh JVM", "ms", millis(FirstUse.class), bare));
    }

    private static Contender millis(Class<?> main) {
        Contender nanos = Jvm.figureOf(main, List.of());
        return () -> nanos.measure() / 1e6;
    }

    private static List<Result> exec(Pace pace, Progress progress) throws IOException, InterruptedException {
        var exec = new Exec(BuiltTree.launcher());
        exec.cached(); // a launcher builds what is not built, which is no part of the figure
        var uncached = new Rival("without", Goal.atMost(0.7), exec::uncached);
        return Case.runAll(
                pace, progress, new Case("dyad exec -- true, with its AOT cache", "ms", exec::cached, uncached));
    }
}
