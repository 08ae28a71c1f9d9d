package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Measures, prints, and keeps the figures.
@Command(
        name = "bench",
        subcommands = ReportMain.class,
        description = "Measures Dyad beside C, and whole processes; each figure is a median, with its range.",
        footer = {
            "",
            "Examples:",
            "  bench                      everything, in less than forty minutes",
            "  bench pair --rounds 21     one suite, with less left to chance",
            "  bench --quick              everything once, in less than two"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every benchmark ran, whatever it showed",
            "1:a benchmark failed",
            "2:wrong usage",
            "74:the figures could not be written"
        })
final class Main implements Callable<Integer> {

    private static final String QUICK = """
            One short round of each, two suites at once: it shows that everything runs.
            What is printed is no figure to state, and no verdict.
            """;

    private static final double SECONDS = 90; // up to here, seconds say more
    private static final Duration SOON = Duration.ofMillis(200);

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
                    "Where all figures go, which may be a symbolic link; unless said, bench.json (or, if quick, bench-quick.json)"
                            + " beside the jar.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Where a page with charts goes; unless said, beside the figures if a file has these.")
    private @Nullable Path html;

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
        if (ExitCleanup.begin()) {
            System.exit(commandLine().execute(arguments));
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(Path.class, Main::file)
                .setExecutionExceptionHandler(Main::failed);
    }

    /// Says why, unless it is because this JVM ends: the user who ends it knows.
    private static int failed(Exception e, CommandLine line, ParseResult parsed) {
        if (!(e instanceof ReportFailure)) {
            ExitCleanup.awaitEnd(SOON);
        }
        line.getErr().println("dyad " + line.getCommandName() + ": " + e.getMessage());
        return e instanceof ReportFailure failure
                ? failure.exitCode()
                : line.getCommandSpec().exitCodeOnExecutionException();
    }

    private static Path file(String name) {
        if (name.isEmpty()) {
            throw new TypeConversionException("an empty name is no file");
        }
        return Path.of(name);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds != null && rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds must be at least 1");
        }
        ReportFailure.requireWritable(figures());
        ReportFailure.requireNotPrinted(figures());
        Path charts = page();
        if (charts != null) {
            ReportFailure.requireWritable(charts);
            ReportFailure.requireNotPrinted(charts);
            ReportFailure.requireOther(charts, figures());
        }
        RunConditions machine = RunConditions.current();
        Map<String, String> versions = Versions.current();
        System.out.println(Lines.wrapped(machine.text(), Lines.TERMINAL));
        System.out.print(quick ? QUICK : Result.LEGEND);
        if (quick) {
            Jvm.startSooner();
        }
        long start = System.nanoTime();
        var runs = new SuiteRuns(this::pace, this::print);
        List<Suite> once = suites.stream().distinct().toList();
        List<SuiteRun> ran = quick ? runs.together(once) : runs.inTurn(once);
        keep(new BenchmarkRun(machine, versions, ran), charts, Duration.ofNanos(System.nanoTime() - start));
        ReportFailure.requirePrinted(System.out);
        return 0;
    }

    private void print(SuiteRun run) {
        for (Result result : run.results()) {
            System.out.printf("%n%s", result.text(!quick));
        }
    }

    private void keep(BenchmarkRun run, @Nullable Path charts, Duration took) throws ReportFailure {
        Path figures = figures();
        ReportFailure.write(figures, run.json());
        if (charts != null) {
            ReportFailure.requireOther(charts, figures);
            ReportFailure.write(charts, ReportPage.of(List.of(run)));
        }
        String summary = quick ? "" : Lines.wrapped(Summary.of(run).text(), Lines.TERMINAL) + System.lineSeparator();
        System.out.printf(
                Locale.ROOT,
                "%n%stook:    %s%nfigures: %s%ncharts:  %s%n",
                summary,
                text(took),
                figures,
                charts != null ? charts : "none (no file has the figures)");
    }

    private Path figures() {
        return json != null ? json : BuiltTree.results(quick);
    }

    private static String text(Duration took) {
        double seconds = took.toMillis() / 1e3;
        return seconds < SECONDS
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }

    /// Returns where the page goes, or `null` if there is none: it lies next to a file, not next to a pipe or a
    /// device.
    private @Nullable Path page() {
        Path figures = ReportFailure.real(figures());
        boolean isFile = !Files.exists(figures) || Files.isRegularFile(figures);
        return html == null && isFile ? ReportMain.pageBeside(figures) : html;
    }

    private Pace pace(Suite suite) {
        Pace pace = quick ? Pace.quick() : suite.pace();
        return rounds != null ? pace.withRounds(rounds) : pace;
    }
}
