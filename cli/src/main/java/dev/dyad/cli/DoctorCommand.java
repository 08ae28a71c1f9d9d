package dev.dyad.cli;

import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `dyad doctor`: what this machine can do, and how.
@Command(
        name = "doctor",
        description =
                "Prints what this machine can do: kernel, C library, limits, which calls were found, how Dyad waits,"
                        + " spawns and adopts here, and why not in another way.",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:native socket pairs and children work here",
            "1:they do not, for the reason given",
            "2:the command line is wrong",
            "74:the output could not be written"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad doctor",
            "  ./dyad -Ddyad.platform=none doctor    as on a system that Dyad makes no native calls on"
        })
final class DoctorCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Override
    public Integer call() {
        Platform os = Platforms.current();
        print(List.of(Machine.report(os), Calls.report(os), Strategies.report(os)), System.out);
        return os.isNative() ? 0 : 1;
    }

    private static void print(List<Report> reports, PrintStream out) {
        reports.forEach(report -> report.print(out));
        out.flush();
    }
}
