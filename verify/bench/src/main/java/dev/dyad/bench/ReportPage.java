package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs as one page of HTML that needs nothing else: a chart for each suite and for each curve, and beside each its
/// table.
public final class ReportPage {

    private static final List<String> LIBRARIES = List.of("vega.min.js", "vega-lite.min.js", "vega-embed.min.js");

    private final StringBuilder body = new StringBuilder();
    private int charts;
    private int runs;

    private ReportPage() {}

    /// Returns the page of all runs that a repository keeps.
    ///
    /// @param root the repository
    /// @return the page
    /// @throws IOException if one can't be read, or is of no run
    public static String ofKept(Path root) throws IOException {
        var runs = new ArrayList<BenchmarkRun>();
        for (Path file : new NumberPages(root).runs()) {
            runs.add(BenchmarkRun.read(file));
        }
        return of(runs);
    }

    static String of(List<BenchmarkRun> runs) {
        var page = new ReportPage();
        runs.forEach(page::add);
        String scripts = Stream.concat(LIBRARIES.stream().map(ReportPage::library), Stream.of("report.js"))
                .map(name -> "<script>\n" + code(name) + "</script>")
                .collect(Collectors.joining("\n"));
        return VegaLite.text("report.html")
                .replace("{{style}}", VegaLite.text("report.css").strip())
                .replace("{{licence}}", escaped(VegaLite.text(library("LICENSE.vega"))))
                .replace("{{body}}", page.body)
                .replace("{{scripts}}", scripts);
    }

    private static String library(String name) {
        return "vega/" + name;
    }

    /// Without the last line that names a file nobody has.
    private static String code(String name) {
        return VegaLite.text(name).replaceFirst("\n//# sourceMappingURL=\\S*\\s*$", "\n");
    }

    private void add(BenchmarkRun run) {
        runs++;
        RunConditions machine = run.machine();
        say("<section class=\"run\">");
        say("<h2>%s, %d cores, %s</h2>"
                .formatted(escaped(machine.processor()), machine.cores(), escaped(machine.kernel())));
        conditions(run);
        say("<p>%s</p>".formatted(escaped(Summary.of(run).text())));
        missed(Summary.of(run));
        run.suites().forEach(this::add);
        data("run-" + runs, VegaLite.node(run).toString());
        say("</section>");
    }

    private void conditions(BenchmarkRun run) {
        RunConditions machine = run.machine();
        say("<dl>");
        term("Date", machine.date().toString());
        term("JDK", machine.jdk());
        if (!machine.system().isEmpty()) {
            term("System", machine.system());
        }
        if (machine.memory() > 0) {
            term("Memory", String.format(Locale.ROOT, "%.1f GiB", machine.memory() / 1024.0));
        }
        if (machine.load() >= 0) {
            term("Load before", String.format(Locale.ROOT, "%.2f", machine.load()));
        }
        say("</dl>");
        say("<details><summary>Versions</summary><dl>");
        run.versions().forEach(this::term);
        say("</dl></details>");
    }

    private void term(String name, String value) {
        say("<dt>%s</dt><dd>%s</dd>".formatted(escaped(name), escaped(value)));
    }

    private void missed(Summary summary) {
        if (!summary.missed().isEmpty()) {
            say("<details><summary>The goals that were missed</summary><ul>");
            summary.missed().forEach(each -> say("<li>%s</li>".formatted(escaped(each))));
            say("</ul></details>");
        }
    }

    private void add(SuiteRun suite) {
        say("<section class=\"suite\">");
        say("<h3>%s</h3>".formatted(escaped(suite.suite())));
        say("<p class=\"note\">%s</p>".formatted(escaped(SuiteMeanings.of(suite.suite()) + conditions(suite))));
        if (suite.hasRatios()) {
            chart("Ratios of " + suite.suite(), RatioChart.of(suite.results()).toString());
        }
        say("<details%s><summary>Table</summary>".formatted(suite.hasRatios() ? "" : " open"));
        body.append(ReportTable.of(suite.rows()));
        say("</details>");
        for (CurveChart curve : CurveChart.of(suite.results())) {
            say("<h4>%s</h4>".formatted(escaped(curve.name())));
            chart(curve.name(), curve.spec().toString());
            say("<details><summary>Table</summary>");
            body.append(ReportTable.of(curve));
            say("</details>");
        }
        say("</section>");
    }

    private static String conditions(SuiteRun suite) {
        int rounds = suite.results().stream()
                .mapToInt(result -> result.ours().rounds().size())
                .max()
                .orElse(0);
        String counted = rounds > 0 ? "Rounds: " + rounds : "The rounds themselves were not kept";
        String time = suite.seconds() > 0 ? String.format(Locale.ROOT, ", %.0f s", suite.seconds()) : "";
        CoreUse use = suite.use();
        return counted + time + (use != null ? "; " + use.text() : "") + ".";
    }

    private void chart(String label, String spec) {
        String id = "chart-" + ++charts;
        say("<figure><div class=\"chart\" data-spec=\"%s\" role=\"img\" aria-label=\"%s\"></div></figure>"
                .formatted(id, escaped(label)));
        data(id, spec);
    }

    /// In a script, all but its end means nothing.
    private void data(String id, String json) {
        say("<script type=\"application/json\" id=\"%s\">%s</script>".formatted(id, json.replace("<", "\\u003c")));
    }

    private void say(String line) {
        body.append(line).append('\n');
    }

    static String escaped(String text) {
        var escaped = new StringBuilder();
        Map<Character, String> special = Map.of('<', "&lt;", '>', "&gt;", '&', "&amp;", '"', "&quot;");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            escaped.append(special.getOrDefault(each, String.valueOf(each)));
        }
        return escaped.toString();
    }
}
