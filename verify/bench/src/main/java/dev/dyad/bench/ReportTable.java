package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.List;

/// The figures of a chart as a table of HTML, each with the number that the JSON has.
final class ReportTable {

    private final StringBuilder table = new StringBuilder();

    private ReportTable() {}

    /// Returns a row for each that ours stands beside.
    static String of(List<Result> results) {
        var table = new ReportTable();
        if (results.stream()
                .allMatch(result -> result.beside().isEmpty() && result.absent().isEmpty())) {
            table.begin("What", "Ours", "Goal");
            results.forEach(table::addAlone);
        } else {
            table.begin("What", "Ours", "Compared with", "Ours ÷ theirs", "In words", "Goal");
            results.forEach(table::add);
        }
        return table.end();
    }

    /// Returns a row for each point of a curve.
    static String of(CurveChart curve) {
        var table = new ReportTable();
        table.begin("What", "Who", "Figure");
        for (Result each : curve.results()) {
            table.add(each.name(), "ours", each, each.ours());
            each.beside().forEach(versus -> table.add(each.name(), versus.rival(), each, versus.theirs()));
        }
        return table.end();
    }

    private void begin(String... columns) {
        table.append("<div class=\"wide\"><table>\n<thead><tr>");
        for (String column : columns) {
            table.append("<th scope=\"col\">").append(column).append("</th>");
        }
        table.append("</tr></thead>\n<tbody>\n");
    }

    private String end() {
        return table.append("</tbody></table></div>\n").toString();
    }

    private void add(String name, String who, Result result, Figures figures) {
        table.append("<tr>");
        cell(name);
        cell(who);
        figures(figures, result.figures(figures));
        table.append("</tr>\n");
    }

    private void addAlone(Result result) {
        table.append("<tr>");
        ours(result);
        cell(result.goalOfOurs());
        table.append("</tr>\n");
    }

    /// A row for our own figure, and one for each that it stands beside.
    private void add(Result result) {
        table.append("<tr>");
        if (result.isMeasured()) {
            ours(result);
        } else {
            cell(result.name());
            cell("");
        }
        table.append("<td></td>".repeat(3));
        cell(result.goalOfOurs());
        table.append("</tr>\n");
        for (Versus each : result.beside()) {
            table.append("<tr>").append("<td></td>".repeat(2));
            add(result, each);
            table.append("</tr>\n");
        }
        for (Result.Absent each : result.absent()) {
            table.append("<tr>").append("<td></td>".repeat(2));
            cell(each.who() + " " + each.text());
            table.append("<td></td>".repeat(3)).append("</tr>\n");
        }
    }

    private void ours(Result result) {
        cell(result.name());
        figures(result.ours(), result.figures(result.ours()));
    }

    private void add(Result result, Versus versus) {
        figures(versus.theirs(), versus.rival() + ": " + result.figures(versus.theirs()));
        figures(versus.ratio(), versus.ratio().ratioText());
        cell(Quantity.of(result.unit()).inWords(versus.ratio()));
        cell(versus.goalOfRatio());
    }

    private void figures(Figures figures, String text) {
        table.append("<td class=\"figures\"><data value=\"%s\">%s</data></td>"
                .formatted(figures.median(), ReportPage.escaped(text)));
    }

    private void cell(String text) {
        table.append("<td>").append(ReportPage.escaped(text)).append("</td>");
    }
}
