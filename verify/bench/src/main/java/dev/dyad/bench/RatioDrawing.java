package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.List;
import java.util.Locale;

/// Ratios as a drawing in SVG, for pages that run no script.
final class RatioDrawing {

    private static final int WIDTH = 760;
    private static final int LABELS = 390;
    private static final int MARGIN = 24;
    private static final int TOP = 34;
    private static final int ROW = 24;
    private static final double LOWEST = 0.02;
    private static final double HIGHEST = 10;
    private static final List<Double> TICKS = List.of(0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0);

    private final StringBuilder drawing = new StringBuilder();
    private int y = TOP;

    private RatioDrawing() {}

    /// Draws each with those that it stands beside.
    static String of(List<Result> results) {
        var chart = new RatioDrawing();
        results.forEach(chart::add);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%1$d" role="img">
                <title>Ours ÷ theirs: the median of the rounds, and the smallest to the largest of them</title>
                <style>
                text { font: 13px system-ui, sans-serif; fill: #1b1f26 }
                .name { font-weight: bold } .tick { fill: #525a67; text-anchor: middle }
                line { stroke: #d5d9e0 } .same { stroke: #1b1f26; stroke-width: 1.5 } .spread { stroke-width: 3; opacity: 0.5 }
                .better { fill: #1763b8; stroke: #1763b8 } .worse { fill: #b8470b; stroke: #b8470b } .noise { fill: #727b88; stroke: #727b88 }
                @media (prefers-color-scheme: dark) {
                text { fill: #e9ecf1 } .tick { fill: #a9b1be } line { stroke: #363d49 } .same { stroke: #e9ecf1 }
                .better { fill: #6cb0ff; stroke: #6cb0ff } .worse { fill: #ff9a5c; stroke: #ff9a5c } .noise { fill: #9aa3b0; stroke: #9aa3b0 }
                }
                </style>
                %s%s</svg>
                """.formatted(WIDTH, chart.y + 8, grid(chart.y), chart.drawing);
    }

    private static String grid(int bottom) {
        var grid = new StringBuilder();
        for (double tick : TICKS) {
            grid.append(String.format(
                    Locale.ROOT,
                    "<text class=\"tick\" x=\"%.1f\" y=\"18\">%s</text>%n",
                    x(tick),
                    tick < 1 ? tick : String.format(Locale.ROOT, "%.0f", tick)));
            grid.append(String.format(
                    Locale.ROOT,
                    "<line%s x1=\"%.1f\" y1=\"24\" x2=\"%2$.1f\" y2=\"%d\"/>%n",
                    tick == 1 ? " class=\"same\"" : "",
                    x(tick),
                    bottom));
        }
        return grid.toString();
    }

    private void add(Result result) {
        drawing.append(String.format(
                Locale.ROOT,
                "<text class=\"name\" x=\"0\" y=\"%d\">%s</text>%n",
                y + 17,
                ReportPage.escaped(result.name())));
        y += ROW;
        result.beside().forEach(versus -> add(result, versus));
        y += ROW / 4;
    }

    private void add(Result result, Versus versus) {
        Quantity quantity = Quantity.of(result.unit());
        Figures ratio = versus.ratio();
        String label = "÷ %s: %s, %s".formatted(versus.rival(), ratio.ratioMedian(), quantity.inWords(ratio));
        String look = quantity.verdict(ratio).name().toLowerCase(Locale.ROOT).replace("unknown", "noise");
        int middle = y + ROW / 2;
        drawing.append(
                String.format(Locale.ROOT, "<text x=\"12\" y=\"%d\">%s</text>%n", y + 16, ReportPage.escaped(label)));
        drawing.append(String.format(
                Locale.ROOT,
                "<line class=\"spread %s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%3$d\"/>%n",
                look,
                x(ratio.min()),
                middle,
                x(ratio.max())));
        drawing.append(String.format(
                Locale.ROOT,
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"5\"><title>%s</title></circle>%n",
                look,
                x(ratio.median()),
                middle,
                ReportPage.escaped(RatioChart.text(result, versus))));
        y += ROW;
    }

    /// Each step a factor; what lies outside lies at the edge.
    private static double x(double ratio) {
        double share = Math.log(ratio / LOWEST) / Math.log(HIGHEST / LOWEST);
        return LABELS + Math.clamp(share, 0, 1) * (WIDTH - LABELS - MARGIN);
    }
}
