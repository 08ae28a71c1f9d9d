package dev.dyad.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `dyad soak`: whether what everything at once takes comes back, however long it goes on.
@Command(
        name = "soak",
        description = {
            "Runs pairs, children, channels, pools and descriptors in flight at random, all at the same time, kills children,"
                    + " and compares the hashes of all bytes.",
            "",
            "Ten times in a run all work ends. What the process then holds of descriptors, threads, processes, heap and"
                    + " memory must not have grown between the second time and the last; the result states how much is"
                    + " allowed."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad soak [--minutes N] [--seed N] [--json FILE]",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is flat",
            "1:something grew, or went wrong; or the build failed",
            "2:the command line is wrong",
            "69:no Maven can be started",
            "74:the figures can't be written, such as on a full disk"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad soak",
            "  ./dyad soak --minutes 60 --json hour.json",
            "  ./dyad soak --seed 4711    the same work once more, as far as threads allow it"
        })
final class SoakCommand implements Callable<Integer> {

    private static final double MOST_MINUTES = 100_000;
    /// A heap that is resident from the start, so that what grows is not it.
    private static final List<String> JVM = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch");

    @Option(names = "--minutes", paramLabel = "N", description = "How long they work: 1 unless said, or 0.5.")
    private double minutes = 1;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed that an earlier run printed, to repeat its work; a new one unless said.")
    private @Nullable Long seed;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where all figures go, instead of verify/soak/target/soak.json.")
    private @Nullable Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    /// Returns what the soak is told.
    ///
    /// @param root of the tree
    /// @throws ParameterException if nothing could run so long
    List<String> arguments(Path root) {
        if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw new ParameterException(
                    spec.commandLine(), "--minutes is more than 0, and at most %.0f".formatted(MOST_MINUTES));
        }
        Path file = json != null ? json : root.resolve("verify/soak/target/soak.json");
        List<String> all = new ArrayList<>(List.of("--minutes", Double.toString(minutes), "--json", file.toString()));
        if (seed != null) {
            all.addAll(List.of("--seed", seed.toString()));
        }
        return all;
    }

    @Override
    public Integer call() throws Exception {
        arguments(Path.of("")); // a mistake is found before anything is built
        Tree tree = Tree.here();
        int built = tree.build("verify/soak");
        return built != 0 ? built : tree.jar("verify/soak/target/soak.jar", JVM, arguments(tree.root()));
    }
}
