package dev.dyad.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `dyad demo`: the manual page of `socket_create_pair`, sentence by sentence.
@Command(
        name = "demo",
        description = {
            "Runs the manual page of PHP's socket_create_pair, sentence by sentence, on real sockets and processes:"
                    + " each line that begins with # is the page's, and below it stands what was seen.",
            "",
            "Then a child in Python, PHP, Node, Ruby, Perl, C, Go, sh and bare Java, each where it is on this machine."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all that the page says was seen", "1:something of it was not", "2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./dyad demo", "  ./dyad -Ddyad.platform=none demo    what of it works without native access"})
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Override
    public Integer call() throws Exception {
        var page = new Page(System.out);
        new Claims(page).show();
        new SameProcess(page).show();
        new OtherProcess(page).show();
        new OtherLanguages(page, Path.of(System.getProperty("dyad.home", "."), "children")).show();
        return 0;
    }
}
