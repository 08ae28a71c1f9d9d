package dev.dyad.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dyad bench`: the numbers of the README, on this machine.
@Command(
        name = "bench",
        description = {
            "Builds the benchmarks and runs them in turn with the same in C and in other libraries.",
            "",
            "Suites: pair, messages, throughput, roundtrip, busy, idle, selection, channel, children, php, first-use, java-child,"
                    + " exec; all of them unless some are named. Options: --rounds N, --quick, --json FILE."
        },
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:they ran",
            "1:the build or a benchmark failed",
            "2:the command line is wrong",
            "69:there is no Maven in the PATH"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad bench",
            "  ./dyad bench --quick pair",
            "  ./dyad bench pair --rounds 21",
            "  ./dyad bench -- --help    what the benchmarks themselves can be told"
        })
final class BenchCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "Which benchmarks, and what they are told.")
    private List<String> arguments = List.of();

    List<String> arguments() {
        return arguments;
    }

    @Override
    public Integer call() throws Exception {
        Tree tree = Tree.here();
        int built = tree.maven(List.of(
                "-q", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "-pl", "verify/bench", "-am", "package"));
        return built != 0 ? built : tree.jar("verify/bench/target/benchmarks.jar", arguments);
    }
}
