package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What can be asked for by name.
enum Suite {

    /// A pair beside its twin in C, and beside the peers.
    PAIR("pair", 5, Duration.ofMillis(400)) {
        @Override
        List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
            try (var twin = CTwin.compile()) {
                Contender writeRead = twin.nanosOf("write-read", pace.span());
                var openClose = new Rival("C", Goal.atMost(1.25), twin.nanosOf("open-close", pace.span()));
                return runAll(
                        pace,
                        progress,
                        writeRead(
                                "native memory",
                                "writeAndReadDirect",
                                pace,
                                new Rival("C", Goal.atMost(1.12), writeRead)),
                        writeRead("Java array", "writeAndReadHeap", pace, new Rival("C", Goal.atMost(1.18), writeRead)),
                        new Case("create + close of a pair", "ns", Jmh.nanosOf("openAndClose", pace), openClose));
            }
        }

        private Case writeRead(String memory, String method, Pace pace, Rival c) {
            var rivals = new ArrayList<>(List.of(c));
            for (Peer peer : Peer.values()) {
                rivals.add(new Rival(peer.text(), Goal.atMost(1.00), Jmh.nanosOf(method, peer, pace)));
            }
            return new Case("64-byte write + read, " + memory, "ns", null, Jmh.nanosOf(method, pace), rivals);
        }
    },

    /// The first pair of a fresh JVM.
    FIRST_USE("first-use", 15, Duration.ZERO) {
        @Override
        List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
            var bare = new Rival("four bare calls", Goal.atMost(1.40), millis(BareFirstUse.class));
            return runAll(pace, progress, new Case("first use in a fresh JVM", "ms", millis(FirstUse.class), bare));
        }

        private Contender millis(Class<?> main) {
            List<String> command = Jvm.command(main);
            return () -> Long.parseLong(Programs.output(command)) / 1e6;
        }
    },

    /// The launcher, with its AOT cache and without.
    EXEC("exec", 20, Duration.ZERO) {
        @Override
        List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
            var exec = new Exec(Tree.launcher());
            exec.cached(); // a launcher builds what is not built, which is no part of the figure
            var uncached = new Rival("without", Goal.atMost(0.7), exec::uncached);
            return runAll(
                    pace, progress, new Case("dyad exec -- true, with its AOT cache", "ms", exec::cached, uncached));
        }
    };

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

    abstract List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException;

    /// Returns the name that is asked for.
    @Override
    public String toString() {
        return name;
    }

    private static List<Result> runAll(Pace pace, Progress progress, Case... cases)
            throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        for (Case each : cases) {
            results.add(each.run(pace.rounds(), progress));
        }
        return results;
    }
}
