package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// 64 bytes there and back between two processes with something else in between, beside none, one and two busy
/// loops that want the cores all the time: ours as it is, ours without spin, and C on both sides.
final class GapCases {

    private static final String WITHOUT_SPIN = "without spin";
    private static final String C = "C asks C, both block";
    private static final Map<String, List<String>> OPTIONS =
            Map.of(PeerPairs.OURS, List.of(), WITHOUT_SPIN, List.of("-Ddyad.spin=off"));
    private static final List<String> EVERYBODY = List.of(C, WITHOUT_SPIN, PeerPairs.OURS);
    private static final List<String> BESIDE = List.of("beside nobody", "beside a busy loop", "beside two busy loops");

    private final Pace pace;
    private final CTwin twin;
    private final PrintedFigures printed = new PrintedFigures();

    private GapCases(Pace pace, CTwin twin) {
        this.pace = pace;
        this.twin = twin;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compile("processes")) {
            var cases = new GapCases(pace, twin);
            cases.measure(progress);
            return cases.results();
        }
    }

    private void measure(Progress progress) throws IOException, InterruptedException {
        for (int round = 0; round < pace.rounds(); round++) {
            for (String who : round % 2 == 0 ? EVERYBODY : EVERYBODY.reversed()) {
                progress.show("gaps, round %d of %d: %s".formatted(round + 1, pace.rounds(), who));
                List<String> options = OPTIONS.get(who);
                if (options != null) {
                    printed.take(who, command(options));
                } else {
                    takeC();
                }
            }
        }
        progress.clear();
    }

    private List<String> command(List<String> options) {
        return Jvm.command(
                GapRoundTrips.class, options, pace.seconds(), twin.program(), Integer.toString(BESIDE.size() - 1));
    }

    private void takeC() throws IOException, InterruptedException {
        CoreLoad load = CoreLoad.of(twin.program());
        for (int loops = 0; loops < BESIDE.size(); loops++) {
            List<String> command = twin.command("gaps", pace.seconds(), Integer.toString(loops));
            load.during(() -> printed.take(C, command));
            load = load.add();
        }
    }

    private List<Result> results() {
        var results = new ArrayList<Result>();
        for (Gap gap : Gap.values()) {
            for (String percentile : gap.percentiles()) {
                for (int loops = 0; loops < BESIDE.size(); loops++) {
                    results.add(result(gap, percentile, loops));
                }
            }
        }
        return results;
    }

    private Result result(Gap gap, String percentile, int loops) {
        String name = PrintedPercentiles.name(gap.name(loops), percentile);
        String text = "64-byte round trip, gap %s, p%s".formatted(gap, percentile);
        List<Double> ours = printed.of(PeerPairs.OURS, name);
        Result result = Result.of(text + ", " + BESIDE.get(loops), "µs", null, ours);
        result = printed.beside(result, WITHOUT_SPIN, null, WITHOUT_SPIN, name);
        return printed.beside(result, C, null, C, name).at(text, "busy loops", loops);
    }
}
