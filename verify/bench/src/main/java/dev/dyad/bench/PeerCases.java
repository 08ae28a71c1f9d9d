package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Two processes of the same kind: messages there and back, and chunks one way, beside all that people use for that.
///
/// Each has processes of its own in every round, with the flags that it needs.
final class PeerCases {

    private static final String ROUND_TRIP = "64-byte round trip between two of a kind";
    private static final String CHUNKS = "64 KiB chunks between two of a kind";

    /// What measures each, by its name.
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    private final PrintedFigures printed = new PrintedFigures();

    private PeerCases(Pace pace) {
        for (LinkedPeer peer : LinkedPeer.values()) {
            commands.put(peer.text(), peer.command(pace.seconds()));
        }
        commands.put(OtherLinks.PYTHON, OtherLinks.python(pace.seconds()));
        commands.put(OtherLinks.PHP, OtherLinks.php(pace.seconds()));
        commands.put(OtherLinks.NODE, OtherLinks.node(pace.seconds()));
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        var cases = new PeerCases(pace);
        cases.printed.takeInTurn("peers", cases.commands, pace.rounds(), progress);
        var results = new ArrayList<Result>();
        for (String percentile : PrintedPercentiles.ALL) {
            String name = PrintedPercentiles.name(PeerProcesses.ASK, percentile);
            results.add(cases.result(ROUND_TRIP + ", p" + percentile, "µs", name)
                    .at(ROUND_TRIP, CurvePoint.PERCENTILE, Double.parseDouble(percentile)));
        }
        results.add(cases.result(CHUNKS, "GB/s", PeerProcesses.RATE));
        return results;
    }

    private Result result(String text, String unit, String name) {
        String ours = LinkedPeer.OURS.text();
        Result result = Result.of(text, unit, null, printed.of(ours, name));
        for (String who : commands.keySet()) {
            if (!who.equals(ours)) {
                result = printed.beside(result, who, null, who, name);
            }
        }
        return result;
    }
}
