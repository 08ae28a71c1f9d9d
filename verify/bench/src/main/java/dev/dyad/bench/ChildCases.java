package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.List;

/// Children: how soon they are there, what they cost, and how soon their death is known.
final class ChildCases {

    private static final int CROWD = 1_000;
    private static final int DEATHS = 500;
    private static final int ORPHANS = 100;

    private final CTwin twin;
    private final CTwin talker;
    private final Pace pace;

    private ChildCases(CTwin twin, CTwin talker, Pace pace) {
        this.twin = twin;
        this.talker = talker;
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compileIfPossible("spawn");
                var talker = CTwin.compileIfPossible("processes")) {
            var cases = new ChildCases(twin, talker, pace);
            return Case.runAll(
                    pace,
                    progress,
                    cases.exit(),
                    cases.answer(),
                    cases.crowd(),
                    cases.death("while we spin", Death.SPINNING),
                    cases.death("while a read is parked", Death.PARKED),
                    cases.death("in mid-write", Death.WRITING),
                    cases.orphans());
        }
    }

    private Case exit() {
        return new Case(
                "spawn /bin/true, and wait for its exit",
                "µs",
                spawning(Spawning.TRUE),
                new Rival("C", Goal.atMost(1.20), twin.figure("true", pace.seconds())),
                new Rival("two bare calls", null, spawning(Spawning.TRUE_BY_BARE_CALLS)),
                new Rival("ProcessBuilder", Goal.atMost(0.45), spawning(Spawning.TRUE_BY_JDK)));
    }

    private Case answer() {
        var c = new Rival("C", Goal.atMost(1.30), twin.figure("answer", pace.seconds()));
        return new Case("spawn to the first byte of a child in C", "µs", twin.neededBy(spawning(Spawning.ANSWER)), c);
    }

    private Contender spawning(String what) {
        return Jvm.figureOf(Spawning.class, List.of(), what, pace.seconds(), twin.program());
    }

    private Case crowd() {
        var jdk = new Rival("ProcessBuilder", null, crowdOf(Peer.JDK.name()));
        return new Case("threads that 1,000 children add", "", Goal.atMost(2), crowdOf(PeerPairs.OURS), List.of(jdk));
    }

    private Contender crowdOf(String who) {
        return twin.neededBy(Jvm.figureOf(Crowd.class, List.of(), who, pace.size(CROWD), twin.program()));
    }

    private Case death(String when, String how) {
        Contender micros =
                talker.neededBy(Jvm.figureOf(Death.class, List.of(), how, pace.size(DEATHS), talker.program()));
        return new Case("child killed " + when + ", told, p99", "µs", Goal.atMost(50_000), micros, List.of());
    }

    private Case orphans() {
        Contender millis =
                talker.neededBy(Jvm.figureOf(Orphans.class, List.of(), pace.size(ORPHANS), talker.program()));
        return new Case("JVM killed, the last of 100 children gone", "ms", Goal.atMost(1_000), millis, List.of());
    }
}
