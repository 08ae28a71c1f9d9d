package dev.dyad.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dyad bench`: the figures of docs/numbers.md, on this machine.
///
/// It knows what the benchmarks can be told, so that a mistake is found before they are built.
@Command(
        name = "bench",
        description = {
            "Builds the benchmarks and runs them in turn with the same in C and in other libraries.",
            "",
            "Suites: " + BenchCommand.SUITES + "; all of them unless some are named.",
            "All take up to forty minutes."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad bench [--quick] [--rounds N] [--json FILE] [--html FILE] [SUITE…]",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:they ran",
            "1:the build or a benchmark failed",
            "2:the command line is wrong",
            "69:no Maven can be started",
            "74:the figures could not be written"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad bench",
            "  ./dyad bench --quick pair",
            "  ./dyad bench pair --rounds 21",
            "  ./dyad bench -- --help    what the benchmarks themselves say of it"
        })
final class BenchCommand implements Callable<Integer> {

    static final String SUITES =
            "pair, sizes, messages, throughput, roundtrip, busy, gaps, peers, requests, pools, idle,"
                    + " selection, scaling, channel, children, php, first-use, java-child, exec";

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, instead of each suite's own number.")
    private @Nullable Integer rounds;

    @Option(
            names = "--quick",
            description = "One short round of each, in two minutes: shows that it runs, not how fast.")
    private boolean quick;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Where all figures go, which may be a symbolic link, instead of verify/bench/target/bench.json"
                            + " (bench-quick.json if quick).")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Where a page with charts goes; unless given, next to the figures if a file has these.")
    private @Nullable Path html;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "0..*", paramLabel = "SUITE", description = "Which benchmarks.")
    private List<String> suites = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    /// Returns what the benchmarks are told.
    ///
    /// @throws ParameterException if they would refuse it
    List<String> arguments() {
        if (rounds != null && rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds must be at least 1");
        }
        requireSuites();
        List<String> all = new ArrayList<>();
        if (rounds != null) {
            all.addAll(List.of("--rounds", rounds.toString()));
        }
        if (quick) {
            all.add("--quick");
        }
        if (json != null) {
            all.addAll(List.of("--json", json.toString()));
        }
        if (html != null) {
            all.addAll(List.of("--html", html.toString()));
        }
        all.addAll(suites);
        return all;
    }

    /// An option among them was behind `--`: then all is for the benchmarks to judge.
    private void requireSuites() {
        List<String> known = List.of(SUITES.split(", "));
        boolean handedOn = suites.stream().anyMatch(suite -> suite.startsWith("-"));
        for (String suite : suites) {
            if (!handedOn && !known.contains(suite)) {
                throw new ParameterException(spec.commandLine(), "there is no suite '" + suite + "'");
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        List<String> told = arguments();
        return runJar(Tree.here(), told);
    }

    /// Builds the benchmarks, and hands their jar what it is told.
    static int runJar(Tree tree, List<String> told) throws Problem, IOException, InterruptedException {
        int built = tree.build("verify/bench");
        return built != 0 ? built : tree.jar("verify/bench/target/benchmarks.jar", told);
    }
}
