package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What can be asked for by name.
enum Suite {

    /// A pair beside its twin in C.
    PAIR("pair", 7) {
        @Override
        List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
            try (var twin = CTwin.compile()) {
                var writeRead = new Rival("C", twin.nanosOf("write-read", pace.span()));
                var openClose = new Rival("C", twin.nanosOf("open-close", pace.span()));
                return runAll(
                        pace,
                        progress,
                        nanos("64-byte write + read, native memory", 1.20, "writeAndReadDirect", pace, writeRead),
                        nanos("64-byte write + read, Java array", 1.20, "writeAndReadHeap", pace, writeRead),
                        nanos("create + close of a pair", 1.25, "openAndClose", pace, openClose));
            }
        }
    },

    /// The first pair of a fresh JVM.
    FIRST_USE("first-use", 15) {
        @Override
        List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
            var bare = new Rival("four bare calls", millis(BareFirstUse.class));
            return runAll(
                    pace, progress, new Case("first use in a fresh JVM", "ms", 1.40, millis(FirstUse.class), bare));
        }

        private Contender millis(Class<?> main) {
            List<String> command = Jvm.command(main);
            return () -> Long.parseLong(Programs.output(command)) / 1e6;
        }
    },

    /// The launcher, with its AOT cache and without.
    EXEC("exec", 20) {
        @Override
        List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
            var exec = new Exec(Tree.launcher());
            exec.cached(); // a launcher builds what is not built, which is no part of the figure
            return runAll(
                    pace,
                    progress,
                    new Case(
                            "dyad exec -- true, with its AOT cache",
                            "ms",
                            0.7,
                            exec::cached,
                            new Rival("without", exec::uncached)));
        }
    };

    private final String name;
    private final int rounds;

    Suite(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    /// Returns how many rounds give a figure to state.
    int rounds() {
        return rounds;
    }

    abstract List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException;

    /// Returns the name that is asked for.
    @Override
    public String toString() {
        return name;
    }

    private static Case nanos(String name, double goal, String method, Pace pace, Rival rival) {
        return new Case(name, "ns", goal, Jmh.nanosOf(method, pace), rival);
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
