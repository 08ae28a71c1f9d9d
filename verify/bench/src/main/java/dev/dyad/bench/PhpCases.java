package dev.dyad.bench;

import dev.dyad.bench.Case.Rival;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The functions of PHP, beside PHP itself where there is one.
final class PhpCases {

    private static final String SCRIPT = "face.php";

    private final Path script;

    private PhpCases(Path script) {
        this.script = script;
    }

    static List<Result> run(Pace pace, Progress progress) throws IOException, InterruptedException {
        try (var folder = TemporaryFolder.make()) {
            Path script = folder.copy(PhpCases.class, SCRIPT);
            var cases = new PhpCases(script);
            return Case.runAll(
                    pace,
                    progress,
                    cases.beside("socket_write + socket_read of 64 bytes", 1.00, PhpFace.PAIR, pace.seconds()),
                    cases.beside("socket_select, one ready of 500 pairs", 0.50, PhpFace.SELECT, pace.seconds(), "500"),
                    new Case(
                            "socket_select, one ready of 5,000 pairs, which PHP refuses",
                            "ns",
                            cases.ours(PhpFace.SELECT, pace.seconds(), pace.size(5_000))));
        }
    }

    private Case beside(String name, double goal, String... question) {
        return new Case(name, "ns", ours(question), new Rival("PHP", Goal.atMost(goal), php(question)));
    }

    private Contender ours(String... question) {
        return Jvm.figureOf(PhpFace.class, List.of(), question);
    }

    private Contender php(String... question) {
        var command = new ArrayList<>(List.of("php", script.toString()));
        command.addAll(List.of(question));
        return Programs.figure(command);
    }
}
