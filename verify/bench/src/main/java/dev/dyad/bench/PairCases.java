package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A pair on one thread, beside its twin in C, and beside the peers.
final class PairCases {

    /// The others are among those of [SizeCases].
    private static final List<Peer> PEERS = List.of(Peer.JDK, Peer.JUNIXSOCKET, Peer.JNR);

    private PairCases() {}

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var twin = CTwin.compileIfPossible("pair")) {
            return Case.runAll(
                    pace,
                    progress,
                    writeRead("native memory", "writeAndReadDirect", 1.12, twin, pace),
                    writeRead("Java array", "writeAndReadHeap", 1.18, twin, pace),
                    openClose(twin, pace));
        }
    }

    private static Case writeRead(String memory, String method, double goal, CTwin twin, Pace pace) {
        var rivals = new ArrayList<Rival>();
        rivals.add(new Rival("C", Goal.atMost(goal), twin.figure("write-read", pace.seconds())));
        rivals.add(new Rival("C with two threads", null, twin.figure("write-read-beside-a-thread", pace.seconds())));
        rivals.add(new Rival("bare calls", null, Jmh.nanosOfBareCalls(pace)));
        for (Peer peer : PEERS) {
            rivals.add(new Rival(peer.text(), Goal.atMost(1.00), Jmh.nanosOf(method, peer, pace)));
        }
        return new Case("64-byte write + read, " + memory, "ns", null, Jmh.nanosOf(method, pace), rivals);
    }

    private static Case openClose(CTwin twin, Pace pace) {
        var c = new Rival("C", Goal.atMost(1.25), twin.figure("open-close", pace.seconds()));
        return new Case("create + close of a pair", "ns", Jmh.nanosOf("openAndClose", pace), c);
    }
}
