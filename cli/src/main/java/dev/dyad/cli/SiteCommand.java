package dev.dyad.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `dyad site`: the pages of this repository for people who do not read Markdown.
@Command(
        name = "site",
        description = {
            "Makes the site of Dyad: the guide and all other pages, the documentation of every class, the charts of every"
                    + " run that is kept, as static HTML that loads nothing from elsewhere.",
            "",
            "Every link inside of it is tried, and those to elsewhere are listed in external-links.txt."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad site [--to FOLDER]",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is made, and every link leads to something",
            "1:a link leads to nothing, or the build failed",
            "2:the command line is wrong",
            "69:no Maven can be started",
            "74:it could not be made, such as on a full disk; or javadoc complained"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad site                    into target/site",
            "  ./dyad site --to ~/public/dyad",
        })
final class SiteCommand implements Callable<Integer> {

    @Option(names = "--to", paramLabel = "FOLDER", description = "Where it goes, instead of target/site.")
    private @Nullable Path folder;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    /// Returns what the maker of the site is told.
    ///
    /// @param root of the tree
    List<String> arguments(Path root) {
        Path site = folder != null ? folder : root.resolve("target/site");
        return List.of(root.toString(), site.toString());
    }

    @Override
    public Integer call() throws Exception {
        Tree tree = Tree.here();
        int built = tree.build("verify/site");
        return built != 0 ? built : tree.jar("verify/site/target/site.jar", arguments(tree.root()));
    }
}
