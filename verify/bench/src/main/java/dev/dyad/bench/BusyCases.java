package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.List;

/// 64 bytes there and back between two JVMs while others want the cores: what spinning costs where it cannot pay.
///
/// The figure is the mean, in which each round trip counts that was held up. It is that of some seconds after some
/// seconds: a spin that did not pay, as while the compilers of two JVMs need the cores, is tried again a second later.
final class BusyCases {

    private static final List<String> NO_SPIN = List.of("-Ddyad.spin=off");
    private static final List<String> DEFAULT_SPIN = List.of();
    private static final String NO_GAP = "0";

    private final CTwin twin;
    private final Pace pace;

    private BusyCases(CTwin twin, Pace pace) {
        this.twin = twin;
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compile("processes")) {
            var cases = new BusyCases(twin, pace);
            return Case.runAll(
                    pace,
                    progress,
                    cases.roundTrip("beside nobody", cases.loops()),
                    cases.roundTrip("beside a busy loop", cases.loops().add()),
                    cases.roundTrip("beside two busy loops", cases.loops().add().add()),
                    cases.roundTrip(
                            "beside a busy loop on the first core",
                            cases.loops().addOn(0)),
                    cases.roundTrip(
                            "beside a neighbour at low priority", cases.loops().addOfLowPriority()));
        }
    }

    private CoreLoad loops() {
        return CoreLoad.of(twin.program());
    }

    private Case roundTrip(String name, CoreLoad loops) {
        var sleeping = new Rival("without spin", Goal.atMost(1.10), mean(NO_SPIN, loops));
        return new Case("64-byte round trip, " + name, "µs", mean(DEFAULT_SPIN, loops), sleeping);
    }

    private Contender mean(List<String> options, CoreLoad loops) {
        return loops.beside(
                Jvm.figureOf(RoundTrip.class, options, RoundTrip.JAVA, pace.seconds(), NO_GAP, RoundTrip.MEAN));
    }
}
