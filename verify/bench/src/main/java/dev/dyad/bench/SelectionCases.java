package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Which of many ends are ready: what it costs among many that are not, and for each that is.
final class SelectionCases {

    private static final int FEW = 10;
    private static final int MANY = 16_000;
    private static final List<Integer> ENDS = List.of(FEW, 100, 1_000, MANY);
    private static final int READY = 1_000;
    private static final String ONE_READY = "select, one end ready";
    private static final String C = "C, epoll";
    private static final String JDK = Peer.JDK.name();

    private final Pace pace;
    private final PrintedFigures printed = new PrintedFigures();

    private SelectionCases(Pace pace) {
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        var cases = new SelectionCases(pace);
        try (var twin = CTwin.compileIfPossible("selection")) {
            cases.measure(twin, progress);
        }
        var results = new ArrayList<Result>();
        for (int i = 0; i < ENDS.size(); i++) {
            String text = String.format(Locale.ROOT, "select, one ready of %,d ends", ENDS.get(i));
            results.add(cases.result(text, Selection.ofEnds(i)).at(ONE_READY, "ends", ENDS.get(i)));
        }
        List<Result> points = List.copyOf(results);
        results.add(cases.result("select, each further end that is ready", Selection.READY));
        results.add(cases.slope("select, 1,000 further ends that are idle"));
        results.add(Shape.CONSTANT.of("select does not grow with ends that are idle", 1.3, points));
        return results;
    }

    private void measure(CTwin twin, Progress progress) throws IOException, InterruptedException {
        List<String> everybody = List.of(C, PeerPairs.OURS, JDK);
        for (int round = 0; round < pace.rounds(); round++) {
            for (String who : round % 2 == 0 ? everybody : everybody.reversed()) {
                progress.show("selection, round %d of %d: %s".formatted(round + 1, pace.rounds(), who));
                printed.take(who, command(who, twin));
            }
        }
        progress.clear();
    }

    private List<String> command(String who, CTwin twin) {
        String ends = FEW
                + ENDS.stream().skip(1).map(number -> "," + pace.size(number)).collect(Collectors.joining());
        String ready = pace.size(READY);
        return who.equals(C)
                ? twin.command(ends, ready, pace.seconds())
                : Jvm.command(Selection.class, List.of(), who, ends, ready, pace.seconds());
    }

    private Result result(String text, String name) {
        Result ours = Result.of(text, "ns", null, printed.of(PeerPairs.OURS, name));
        return printed.beside(ours, C, null, C, name).beside(Peer.JDK.text() + "s", null, printed.of(JDK, name));
    }

    /// Only ours: where it is nothing, a ratio would be one of noise to noise.
    private Result slope(String text) {
        List<Double> few = printed.of(PeerPairs.OURS, Selection.ofEnds(0));
        List<Double> many = printed.of(PeerPairs.OURS, Selection.ofEnds(ENDS.size() - 1));
        var slopes = new ArrayList<Double>();
        for (int round = 0; round < few.size(); round++) {
            slopes.add((many.get(round) - few.get(round)) * 1000 / MANY);
        }
        return Result.of(text, "ns", null, slopes);
    }
}
