package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The repository's own figures, which nobody writes by hand. In docs/numbers.md, each table between
/// `<!-- figures: RUN.json -->`, or `<!-- headlines: RUN.json -->`, and `<!-- end -->` is that run's. Next to a run
/// whose headlines are shown lies a drawing of them, which the README shows.
///
/// @param root the repository
record NumberPages(Path root) {

    private static final Pattern BLOCK =
            Pattern.compile("(?<=<!-- (figures|headlines): (\\S{1,200}) -->\n)(.*?)(?=<!-- end -->)", Pattern.DOTALL);
    private static final String PAGE = "docs/numbers.md";
    private static final String RUNS = "docs/numbers";

    /// Writes all of them.
    void write() throws IOException {
        for (Map.Entry<Path, String> file : files().entrySet()) {
            ReportFailure.write(file.getKey(), file.getValue());
        }
    }

    /// Returns what stands in each file if it says what the runs say.
    Map<Path, String> files() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        Path page = root.resolve(PAGE);
        Matcher block = BLOCK.matcher(Files.readString(page));
        var filled = new StringBuilder();
        while (block.find()) {
            Path file = root.resolve(block.group(2));
            BenchmarkRun run = BenchmarkRun.read(file);
            boolean isWhole = block.group(1).equals("figures");
            String table = isWhole ? MarkdownTable.of(run) : MarkdownTable.inWords(run, Headlines.of(run));
            block.appendReplacement(filled, Matcher.quoteReplacement(table));
            if (!isWhole) {
                files.put(drawing(file), RatioDrawing.of(Headlines.of(run)));
            }
        }
        files.put(page, block.appendTail(filled).toString());
        return files;
    }

    private static Path drawing(Path run) {
        return run.resolveSibling(String.valueOf(run.getFileName()).replaceFirst("json$", "svg"));
    }

    /// Returns the runs that are kept.
    List<Path> runs() throws IOException {
        try (var files = Files.list(root.resolve(RUNS))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
