package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Results as a table of Markdown.
final class MarkdownTable {

    private MarkdownTable() {}

    /// Returns all of a run under a line that says where it was, a table for each suite.
    static String of(BenchmarkRun run) {
        return conditions(run.machine())
                + run.suites().stream().map(MarkdownTable::of).collect(Collectors.joining());
    }

    private static String of(SuiteRun suite) {
        return """

                `%s`. %s

                | What | Ours | Compared with | Ours ÷ theirs | Goal |
                | --- | --- | --- | --- | --- |
                """.formatted(suite.suite(), SuiteMeanings.of(suite.suite()).strip())
                + suite.rows().stream().map(MarkdownTable::rows).collect(Collectors.joining());
    }

    /// Returns a few results for those who see no other, with what a ratio means.
    static String inWords(BenchmarkRun run, List<Result> results) {
        var table = new StringBuilder(conditions(run.machine())).append("""

                | What | Ours | Compared with | Ours ÷ theirs | That is |
                | --- | --- | --- | --- | --- |
                """);
        for (Result each : results) {
            String name = each.name();
            for (Versus versus : each.beside()) {
                String words = Quantity.of(each.unit()).inWords(versus.ratio());
                String ours = name.isEmpty() ? "" : middle(each, each.ours());
                String theirs = versus.rival() + ": " + middle(each, versus.theirs());
                table.append(row(name, ours, theirs, versus.ratio().ratioText(), words));
                name = "";
            }
        }
        return table.toString();
    }

    private static String conditions(RunConditions machine) {
        return "On %d cores, %s%s, %s, %s; %s.%n"
                .formatted(
                        machine.cores(),
                        machine.processor(),
                        machine.busy(),
                        machine.kernel(),
                        machine.jdk().replaceFirst(",.*", "").replace('-', ' '),
                        machine.date().toString().replaceFirst("T.*", ""));
    }

    private static String rows(Result result) {
        int rounds = result.ours().rounds().size();
        String counted = rounds == 0 ? "" : ", " + rounds + " rounds";
        String ours = result.figures(result.ours());
        if (!result.isMeasured()) {
            return absent(result, result.name());
        }
        if (result.beside().isEmpty() && result.absent().isEmpty()) {
            return row(result.name(), ours + counted, "", "", unlessMet(result.goalOfOurs()));
        }
        var rows = new StringBuilder();
        String name = result.name();
        if (result.goal() != null) {
            rows.append(row(name, ours + counted, "", "", unlessMet(result.goalOfOurs())));
            name = "";
        }
        for (Versus each : result.beside()) {
            String theirs = each.rival() + ": " + result.figures(each.theirs());
            String ratio = each.ratio().ratioText() + (name.isEmpty() ? "" : counted);
            rows.append(row(name, name.isEmpty() ? "" : ours, theirs, ratio, unlessMet(each.goalOfRatio())));
            name = "";
        }
        return rows.append(absent(result, name)).toString();
    }

    /// @param name what the first row begins with
    private static String absent(Result result, String name) {
        var rows = new StringBuilder();
        for (Result.Absent each : result.absent()) {
            rows.append(row(rows.isEmpty() ? name : "", "", each.who() + " " + each.text(), "", ""));
        }
        return rows.toString();
    }

    private static String middle(Result result, Figures figures) {
        int decimals = Quantity.decimals(result.unit(), figures.median());
        return String.format(Locale.ROOT, "%,." + decimals + "f %s", figures.median(), result.unit())
                .strip();
    }

    /// What is clearly met needs no word.
    private static String unlessMet(String goal) {
        return goal.replaceFirst(": met$", "");
    }

    private static String row(String... cells) {
        return ("| " + String.join(" | ", cells) + " |\n").replaceAll("\\|  (?=\\|)", "| ");
    }
}
