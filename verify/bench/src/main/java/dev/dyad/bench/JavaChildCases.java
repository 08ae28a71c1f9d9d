package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.util.List;

/// A Java child with its ahead-of-time cache, beside the same without.
final class JavaChildCases {

    private JavaChildCases() {}

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var home = TemporaryFolder.make()) {
            figure(home, JavaChild.PREPARE).measure();
            var plain = new Rival("without", Goal.atMost(0.75), figure(home, JavaChild.PLAIN));
            return Case.runAll(
                    pace,
                    progress,
                    new Case(
                            "Java child with AOT cache, spawn to its first byte",
                            "ms",
                            figure(home, JavaChild.CACHED),
                            plain));
        }
    }

    /// Each figure is one of a JVM of its own, whose caches are in a home of their own.
    private static Contender figure(TemporaryFolder home, String how) {
        var command = Jvm.command(JavaChild.class, List.of("-Duser.home=" + home), how);
        return () -> Double.parseDouble(Programs.output(command, "XDG_CACHE_HOME"));
    }
}
