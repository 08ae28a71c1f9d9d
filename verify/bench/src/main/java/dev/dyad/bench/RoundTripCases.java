package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.List;

/// 64 bytes there and back between two processes on platform threads, beside C that blocks on both sides, and C that
/// never sleeps.
final class RoundTripCases {

    private static final List<String> NO_SPIN = List.of("-Ddyad.spin=off");
    private static final List<String> DEFAULT_SPIN = List.of();
    private static final String NO_GAP = "0";
    private static final String IDLE_GAP = "0.0002";

    private final CTwin twin;
    private final Pace pace;

    private RoundTripCases(CTwin twin, Pace pace) {
        this.twin = twin;
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        Goal parked = Goal.atMost(1.30);
        Goal spinning = Goal.atMost(0.25);
        try (var twin = CTwin.compileIfPossible("processes")) {
            var cases = new RoundTripCases(twin, pace);
            return Case.runAll(
                    pace,
                    progress,
                    cases.echoByC("both park", NO_SPIN, NO_GAP, parked),
                    cases.echoByJava("both park", NO_SPIN, NO_GAP, parked),
                    cases.echoByC("default spin", DEFAULT_SPIN, NO_GAP, spinning),
                    cases.echoByJava("default spin", DEFAULT_SPIN, NO_GAP, spinning),
                    cases.idleBefore());
        }
    }

    private Case echoByC(String how, List<String> options, String gap, Goal goal) {
        return roundTrip("Java asks C, " + how, twin.neededBy(ours(twin.program(), options, gap)), gap, goal);
    }

    /// What is not in a cache takes longer: the JVM's own part of that is what the bare calls show.
    private Case idleBefore() {
        Case idle = echoByC("idle for 200 µs before", DEFAULT_SPIN, IDLE_GAP, Goal.atMost(1.30));
        Contender bare = Jvm.figureOf(
                BareRoundTrip.class, DEFAULT_SPIN, twin.program(), pace.seconds(), IDLE_GAP, RoundTrip.MEDIAN);
        return idle.beside(new Rival("bare calls that block", null, twin.neededBy(bare)));
    }

    private Case echoByJava(String how, List<String> options, String gap, Goal goal) {
        return roundTrip("Java asks Java, " + how, ours(RoundTrip.JAVA, options, gap), gap, goal);
    }

    private Contender ours(String echo, List<String> options, String gap) {
        return Jvm.figureOf(RoundTrip.class, options, echo, pace.seconds(), gap, RoundTrip.MEDIAN);
    }

    private Case roundTrip(String name, Contender ours, String gap, Goal goal) {
        var blocking = new Rival("C asks C, both block", goal, twin.figure("roundtrip", pace.seconds(), gap));
        var spinning = new Rival("C asks C, both spin", null, twin.figure("roundtrip-spinning", pace.seconds(), gap));
        return new Case("64-byte round trip, " + name, "µs", ours, blocking, spinning);
    }
}
