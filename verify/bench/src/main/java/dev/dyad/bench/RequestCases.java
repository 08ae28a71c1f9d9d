package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import dev.dyad.message.Exchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages and requests between two processes, beside plain sockets, C and Python.
final class RequestCases {

    private static final List<String> NO_OPTIONS = List.of();
    private static final String NO_GAP = "0";
    private static final String SENDERS = "4";
    private static final int LONG_IDLE = 10; // seconds: in the first, the collector and the compiler go on
    private static final String IN_FLIGHT = "64";

    private static final String IN_TURN = "64-byte request and answer, in turn";
    private static final String OURS = "ours";
    private static final String PLAIN = "our plain sockets";

    private final CTwin twin;
    private final Pace pace;

    private RequestCases(CTwin twin, Pace pace) {
        this.twin = twin;
        this.pace = pace;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compileIfPossible("processes")) {
            var cases = new RequestCases(twin, pace);
            var results = new ArrayList<>(cases.inTurn(progress));
            results.addAll(Case.runAll(
                    pace,
                    progress,
                    cases.inFlight(),
                    cases.small(),
                    cases.longOnes(),
                    cases.streamedOnes(),
                    new Case(
                            "a 64-byte message, heap beyond what is handed out",
                            "B",
                            Goal.atMost(64),
                            Jvm.figureOf(MessageMemory.class, NO_OPTIONS, MessageMemory.MESSAGE),
                            List.of()),
                    new Case(
                            "an idle channel of 10,000, heap beyond its end",
                            "B",
                            Goal.atMost(1024),
                            Jvm.figureOf(MessageMemory.class, NO_OPTIONS, MessageMemory.CHANNEL),
                            List.of()),
                    new Case(
                            "10,000 idle channels that are received from, CPU of a core",
                            "%",
                            Goal.atMost(0.5),
                            Jvm.figureOf(IdleChannels.class, NO_OPTIONS, pace.size(5000), pace.size(LONG_IDLE)),
                            List.of())));
            return results;
        }
    }

    private List<Result> inTurn(Progress progress) throws IOException, InterruptedException {
        String seconds = pace.seconds();
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(OURS, Jvm.command(AskedRequests.class, NO_OPTIONS, AskedRequests.IN_TURN, seconds));
        commands.put(
                PLAIN,
                Jvm.command(RoundTrip.class, NO_OPTIONS, RoundTrip.JAVA, seconds, NO_GAP, RoundTrip.PERCENTILES));
        commands.put(OtherLinks.PYTHON, OtherLinks.python(seconds));
        commands.put(OtherLinks.NODE, OtherLinks.node(seconds));
        var printed = new PrintedFigures();
        printed.takeInTurn(IN_TURN, commands, pace.rounds(), progress);
        return List.of(
                inTurn(printed, IN_TURN, "50", Goal.atMost(1.15), Goal.atMost(0.5)),
                inTurn(printed, IN_TURN + ", p90", "90", null, null),
                inTurn(printed, IN_TURN + ", p99", "99", null, null));
    }

    /// @param plain the goal beside plain sockets
    /// @param python the goal beside Python
    private static Result inTurn(
            PrintedFigures printed, String text, String percentile, @Nullable Goal plain, @Nullable Goal python) {
        String name = PrintedPercentiles.name(PeerProcesses.ASK, percentile);
        Result result = Result.of(text, "µs", null, printed.of(OURS, name));
        result = printed.beside(result, PLAIN, plain, PLAIN, name);
        result = printed.beside(result, OtherLinks.PYTHON, python, OtherLinks.PYTHON, name);
        return printed.beside(result, OtherLinks.NODE, null, OtherLinks.NODE, name)
                .at(IN_TURN, CurvePoint.PERCENTILE, Double.parseDouble(percentile));
    }

    private Case inFlight() {
        return new Case(
                "64-byte requests, numbered, of 64 virtual threads",
                "k/s",
                rate(AskedRequests.RATE, Exchange.NUMBERED, IN_FLIGHT),
                new Rival("in turn, one virtual thread", Goal.atLeast(3), inTurn(AskedRequests.RATE)),
                new Rival("in turn, one platform thread", null, inTurn(AskedRequests.PLATFORM_RATE)));
    }

    private Contender inTurn(String what) {
        return rate(what, Exchange.IN_TURN, "1");
    }

    private Contender rate(String what, Exchange exchange, String threads) {
        return Jvm.figureOf(AskedRequests.class, NO_OPTIONS, what, pace.seconds(), exchange.name(), threads);
    }

    private Case small() {
        return new Case(
                "64-byte messages to C, four threads",
                "M/s",
                twin.neededBy(Jvm.figureOf(SentMessages.class, NO_OPTIONS, SENDERS, twin.program(), pace.seconds())),
                new Rival("C, a send each", Goal.atLeast(4), twin.figure("messages", pace.seconds())));
    }

    private Case longOnes() {
        return new Case(
                "64 MiB messages to C",
                "GB/s",
                longOnes(SentMessages.WHOLE),
                new Rival("C to C, 64 KiB each", Goal.atLeast(0.9), twin.figure("throughput", pace.seconds())),
                new Rival("C to C, 64 MiB each", Goal.atLeast(0.9), twin.figure("long", pace.seconds())));
    }

    private Case streamedOnes() {
        return new Case(
                "64 MiB messages to C, in pieces",
                "GB/s",
                longOnes(SentMessages.STREAMED),
                new Rival("C to C, 64 KiB each", Goal.atLeast(0.9), twin.figure("throughput", pace.seconds())));
    }

    private Contender longOnes(String what) {
        return twin.neededBy(Jvm.figureOf(SentMessages.class, NO_OPTIONS, what, twin.program(), pace.seconds()));
    }
}
