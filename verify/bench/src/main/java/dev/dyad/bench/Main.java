package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures, prints, and keeps the figures.
@Command(
        name = "bench",
        description = "Measures Dyad beside C, and whole processes; each figure is a median, with its range.",
        footer = {
            "",
            "Examples:",
            "  bench                      everything, which takes some minutes",
            "  bench pair --rounds 21     one suite, with less left to chance",
            "  bench --quick              everything once, in seconds"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every benchmark ran, whatever it showed", "1:a benchmark failed", "2:wrong usage"})
final class Main implements Callable<Integer> {

    @Parameters(paramLabel = "SUITE", description = "${COMPLETION-CANDIDATES}; all of them unless said.")
    private List<Suite> suites = List.of(Suite.values());

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, instead of each suite's own number.")
    private @Nullable Integer rounds;

    @Option(names = "--quick", description = "One short round of each: shows that it runs, not how fast.")
    private boolean quick;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Where all figures go; unless said, bench.json (or, if quick, bench-quick.json) beside the jar.")
    private @Nullable Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Says this.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    /// Exits with 0 if every benchmark ran.
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((e, line, parsed) -> {
            line.getErr().println("bench: " + e.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds != null && rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds must be at least 1");
        }
        RunConditions machine = RunConditions.current();
        System.out.println(machine.text());
        List<Result> results = results();
        new BenchmarkRun(machine, results).writeTo(json != null ? json : BuiltTree.results(quick));
        return 0;
    }

    private List<Result> results() throws IOException, InterruptedException {
        var progress = new Progress();
        var results = new ArrayList<Result>();
        for (Suite suite : suites) {
            for (Result result : suite.run(pace(suite), progress)) {
                System.out.print(quick ? "ran: %s%n".formatted(result.name()) : "%n%s".formatted(result.text()));
                results.add(result);
            }
        }
        return results;
    }

    private Pace pace(Suite suite) {
        if (quick) {
            return Pace.quick();
        }
        return rounds != null ? suite.pace().withRounds(rounds) : suite.pace();
    }
}
