package dev.dyad.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dyad report`: what `dyad bench` kept, for people.
@Command(
        name = "report",
        description = {
            "Makes one page with charts and tables of what ./dyad bench has measured, here or elsewhere.",
            "",
            "The page needs nothing else and loads nothing. It goes next to the first FILE unless --html says where."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad report [--html FILE | --text | --docs] [FILE…]",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is made",
            "1:the build failed",
            "2:the command line is wrong",
            "65:a FILE is not of a run, or of one in another format",
            "66:a FILE is not there",
            "69:no Maven can be started",
            "74:the page could not be written"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad report                       a page of the last full run",
            "  ./dyad report --html both.html here.json there.json",
            "                                      two machines on one page",
            "  ./dyad report --text | less         a table, 80 columns wide",
            "  ./dyad report --docs                fills docs/numbers.md from docs/numbers/*.json"
        })
final class ReportCommand implements Callable<Integer> {

    private static final String LAST_RUN = "verify/bench/target/bench.json";
    private static final String QUICK_RUN = "verify/bench/target/bench-quick.json";

    /// In which form; without any, a page next to the first file.
    static final class Form {
        @Option(names = "--html", paramLabel = "FILE", description = "Where the page goes.")
        private @Nullable Path html;

        @Option(names = "--text", description = "Prints a table instead, with what each ratio means in words.")
        private boolean text;

        @Option(
                names = "--docs",
                description =
                        "Fills the tables of docs/numbers.md, and draws the charts, from the runs in docs/numbers.")
        private boolean docs;
    }

    @ArgGroup
    private Form form = new Form();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "What bench kept; unless said, " + LAST_RUN + ".")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws Exception {
        Tree tree = Tree.here();
        return BenchCommand.runJar(tree, arguments(tree));
    }

    /// Returns what the benchmarks' jar is told.
    ///
    /// @throws Problem if a file is not there, which is known before anything is built
    List<String> arguments(Tree tree) throws Problem {
        List<String> all = new ArrayList<>(List.of("report"));
        if (form.docs) {
            all.addAll(List.of("--docs", tree.root().toString()));
            return all;
        }
        if (form.text) {
            all.add("--text");
        }
        if (form.html != null) {
            all.addAll(List.of("--html", form.html.toString()));
        }
        for (Path file : files.isEmpty() ? List.of(tree.root().resolve(LAST_RUN)) : files) {
            if (!Files.exists(file)) {
                throw new Problem(
                        Problem.NO_INPUT,
                        "there is no " + file + ": ./dyad bench leaves its figures in " + LAST_RUN
                                + ", and with --quick in " + QUICK_RUN);
            }
            all.add(file.toString());
        }
        return all;
    }
}
