package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What messages of several sizes cost on one thread, beside C and the peers, each in a process of its own.
final class SizeCases {

    private static final String C = "C";
    private static final String CURVE = "write + read of one message";

    private final PrintedFigures printed = new PrintedFigures();

    private SizeCases() {}

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        var cases = new SizeCases();
        try (var twin = CTwin.compileIfPossible("pair")) {
            cases.printed.takeInTurn("sizes", commands(twin, pace.seconds()), pace.rounds(), progress);
        }
        return cases.results();
    }

    private static Map<String, List<String>> commands(CTwin twin, String seconds) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(C, twin.command("sizes", seconds));
        commands.put(PeerPairs.OURS, command(PeerPairs.OURS, seconds));
        for (Peer peer : Peer.values()) {
            commands.put(peer.name(), command(peer.name(), seconds));
        }
        return commands;
    }

    private static List<String> command(String who, String seconds) {
        return Jvm.command(MessageSizes.class, List.of(), who, seconds);
    }

    private List<Result> results() {
        var results = new ArrayList<Result>();
        for (int size : MessageSizes.SIZES) {
            results.add(result(size));
        }
        results.add(Shape.LINE.of("a message takes a constant and bytes ÷ bandwidth", 1.5, List.copyOf(results)));
        return results;
    }

    private Result result(int size) {
        String name = Integer.toString(size);
        Result result = Result.of(text(size) + " write + read", "ns", null, printed.of(PeerPairs.OURS, name));
        result = printed.beside(result, C, null, C, name);
        for (Peer peer : Peer.values()) {
            result = printed.beside(result, peer.text(), null, peer.name(), name);
        }
        return result.at(CURVE, "bytes", size);
    }

    private static String text(int size) {
        return size < 1024 ? size + "-byte" : size / 1024 + " KiB";
    }
}
