package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows runs that were kept.
@Command(name = "report", description = "Makes a page, a table or the repository's own figures of runs that were kept.")
final class ReportMain implements Callable<Integer> {

    /// In which form; without any, a page next to the first run.
    static final class Form {
        @Option(names = "--html", paramLabel = "FILE", description = "Where the page goes.")
        private @Nullable Path html;

        @Option(names = "--text", description = "A table for a terminal.")
        private boolean text;

        @Option(names = "--docs", paramLabel = "FOLDER", description = "Writes the figures into a repository's pages.")
        private @Nullable Path docs;
    }

    @ArgGroup
    private Form form = new Form();

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "What `bench` kept; unless said, its last full run.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        if (form.docs != null) {
            new NumberPages(form.docs).write();
            return 0;
        }
        List<Path> sources = files.isEmpty() ? List.of(BuiltTree.results(false)) : files;
        var runs = new ArrayList<BenchmarkRun>();
        for (Path file : sources) {
            runs.add(BenchmarkRun.read(file));
        }
        if (form.text) {
            runs.forEach(run -> System.out.print(text(run)));
            ReportFailure.requirePrinted(System.out);
            return 0;
        }
        Path page = form.html != null ? form.html : pageBeside(sources.getFirst());
        for (Path file : sources) {
            ReportFailure.requireOther(page, file);
        }
        ReportFailure.write(page, ReportPage.of(runs));
        System.out.println("wrote " + page);
        ReportFailure.requirePrinted(System.out);
        return 0;
    }

    /// Returns where the page of a run goes unless somebody says.
    static Path pageBeside(Path json) {
        String name = String.valueOf(json.getFileName()).replaceFirst("\\.json$", "");
        return json.resolveSibling(name + ".html");
    }

    /// Returns the tables of all results, 80 columns wide.
    static String text(BenchmarkRun run) {
        var text = new StringBuilder();
        text.append(Lines.wrapped(run.machine().text(), Lines.TERMINAL))
                .append(System.lineSeparator())
                .append(run.suites().stream().anyMatch(SuiteRun::hasRatios) ? Result.LEGEND : "");
        for (SuiteRun suite : run.suites()) {
            suite.rows().forEach(result -> text.append(System.lineSeparator()).append(result.text()));
        }
        return text.append(System.lineSeparator())
                .append(Lines.wrapped(Summary.of(run).text(), Lines.TERMINAL))
                .append(System.lineSeparator())
                .toString();
    }
}
