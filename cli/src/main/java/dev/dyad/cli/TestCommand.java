package dev.dyad.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `dyad test`: everything that can be checked on this machine.
@Command(
        name = "test",
        description = {
            "Builds everything and runs every check that this machine allows.",
            "",
            "An interpreter that is not here is named and left out; with CI=true in the environment it is a failure."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything passed",
            "1:something failed: Maven's output says what",
            "2:the command line is wrong",
            "69:there is no Maven in the PATH"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad test",
            "  CI=true ./dyad test            nothing may be missing",
            "  ./dyad test --long             with the tests that take minutes",
            "  ./dyad test --seed 4711        the properties once more as in that run",
            "  ./dyad test --php 100000       with as many scenarios beside PHP"
        })
final class TestCommand implements Callable<Integer> {

    @Option(names = "--long", description = "Also runs the tests that take minutes, at their full size.")
    private boolean full;

    @Option(names = "--seed", paramLabel = "N", description = "Runs the properties with this seed, not with new ones.")
    private @Nullable Long seed;

    @Option(
            names = "--php",
            paramLabel = "N",
            description = "Makes up N scenarios of socket calls that PHP and Java go through, not 2,000.")
    private @Nullable Integer php;

    @Option(names = "--help", usageHelp = true, description = "Shows this help.")
    boolean help; // picocli acts on it

    @Override
    public Integer call() throws Exception {
        return Tree.here().maven(mavenArguments());
    }

    List<String> mavenArguments() {
        List<String> arguments = new ArrayList<>(List.of("verify"));
        if (full) {
            arguments.add("-Ddyad.long=true");
        }
        if (seed != null) {
            arguments.add("-Dseed=" + seed);
        }
        if (php != null) {
            arguments.add("-Ddyad.php=" + php);
        }
        return arguments;
    }
}
