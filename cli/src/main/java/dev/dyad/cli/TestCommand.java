package dev.dyad.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dyad test`: everything that can be checked on this machine.
@Command(
        name = "test",
        description = {
            "Builds everything and runs every test class once, with one of a kind, a quarter of what is slow, by chance,"
                    + " and the random parts at a fraction.",
            "",
            "An interpreter that is not here is named and left out; with CI=true in the environment it is a failure."
                    + " One line a module says what it came to; the log is in the file that is named."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad test [--ci | --long | --arm64] [--repeat N] [--load K] [--seed N] [--php N]"
                + " [-- MAVEN ARGUMENT…]",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything passed",
            "1:something failed: the lines above and the log say what",
            "2:the command line is wrong",
            "69:no Maven can be started, or no emulator"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad test",
            "  CI=true ./dyad test --ci       what each commit must pass, with nothing missing",
            "  ./dyad test --long             with the random parts at their full size",
            "  ./dyad test --repeat 10 --load 3",
            "                                 ten times while three busy loops run: what failed, and how often",
            "  ./dyad test --seed 4711        the random input once more as in that run",
            "  ./dyad test --php 100000       comparing PHP and Java in so many scenarios",
            "  ./dyad test --arm64 -- -Dtest=NativePairTest",
            "                                 one class of it on aarch64, under an emulator",
            "  ./dyad test -- -pl socket -am  a part of the modules: the rest is Maven's"
        })
final class TestCommand implements Callable<Integer> {

    private static final String ARM64_MODULES = "posix,verify/contract,process,php";

    /// How much is tested; without either, every test class once.
    static final class Length {
        @Option(
                names = "--ci",
                description = "Runs what CI runs: all kinds, more of the random parts, a quarter of what has a second"
                        + " choice over that too, and the checks of sources, format and documentation.")
        private boolean ci;

        @Option(
                names = "--arm64",
                description =
                        "Runs posix, the contracts, process and php on a JDK for aarch64 under an emulator, which it"
                                + " unpacks.")
        private boolean arm64;

        @Option(names = "--long", description = "Runs all of it, with ten times as much of the random parts as CI.")
        private boolean full;
    }

    @ArgGroup
    private Length length = new Length();

    @Option(names = "--repeat", paramLabel = "N", description = "Runs it N times and says what failed how often.")
    private int repeat = 1;

    @Option(
            names = "--load",
            paramLabel = "K",
            description = "Runs it while K other processes keep the processors busy.")
    private int load;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Runs the tests with random input from this seed, as a failed one names it, and not from new"
                    + " ones.")
    private @Nullable Long seed;

    @Option(
            names = "--php",
            paramLabel = "N",
            description =
                    "Compares PHP and Java in N generated scenarios of socket calls, instead of the usual" + " number.")
    private @Nullable Integer php;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "What else Maven is told.")
    private List<String> arguments = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        requireSensible();
        Tree tree = Tree.here();
        if (length.arm64 && tree.program("verify/arm64/prepare") != 0) {
            return Problem.UNAVAILABLE;
        }
        var summary = new TestSummary(System.out, repeat);
        var loops = new BusyLoops(load);
        try {
            for (int run = 1; run <= repeat; run++) {
                summary.add(TestRun.of(tree, mavenArguments(run), run, System.out));
            }
        } finally {
            loops.close();
        }
        summary.print();
        return summary.passed() ? 0 : 1;
    }

    private void requireSensible() {
        if (repeat < 1 || load < 0) {
            throw new ParameterException(spec.commandLine(), "--repeat is at least 1, --load at least 0");
        }
        if (php != null && php < 1) {
            throw new ParameterException(spec.commandLine(), "--php is at least 1");
        }
    }

    List<String> mavenArguments(int run) {
        List<String> all = new ArrayList<>(List.of("verify", "-fae", "-Dmaven.test.failure.ignore=true"));
        all.add(length.ci || length.full ? "-Pci" : "-Ptests");
        if (length.full) {
            all.addAll(List.of("-Ddyad.length=long", "-Ddyad.compilers=")); // both are worth it there
        }
        if (length.arm64) {
            all.addAll(List.of("-Parm64", "-pl", ARM64_MODULES, "-am", "-Dsurefire.failIfNoSpecifiedTests=false"));
        }
        if (seed != null) {
            all.add("-Dseed=" + seed);
        }
        if (php != null) {
            all.add("-Ddyad.php=" + php);
        }
        if (run > 1) { // documents and format are what they were
            all.addAll(List.of("-Dmaven.javadoc.skip=true", "-Dspotless.check.skip=true"));
        }
        all.addAll(arguments);
        return all;
    }
}
