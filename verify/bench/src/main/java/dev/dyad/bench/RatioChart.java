package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import tools.jackson.databind.node.ObjectNode;

/// All ratios of a suite in one chart: a row each, beside 1 and the goal, under a row with the name of their case.
final class RatioChart {

    private static final int NAME_COLUMNS = 40; // what a phone has room for
    private static final int ROW = 38; // what stands above its marks, and they
    private static final double MARGIN = 1.15;
    private static final List<Double> TICKS =
            List.of(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0);

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private double lowest = 0.5;
    private double highest = 2;

    private RatioChart() {}

    /// Returns the chart, as Vega-Lite takes it.
    static ObjectNode of(List<Result> results) {
        var chart = new RatioChart();
        results.stream().filter(result -> !result.beside().isEmpty()).forEach(chart::add);
        return chart.spec();
    }

    /// Returns what a screen reader says of a row, and what tells it from all others.
    static String text(Result result, Versus versus) {
        return "%s, ours ÷ %s: %s, %s"
                .formatted(
                        result.name(),
                        versus.rival(),
                        versus.ratio().ratioText(),
                        Quantity.of(result.unit()).inWords(versus.ratio()));
    }

    /// Says whether a ratio has a place on a scale whose steps are factors.
    static boolean canBeDrawn(Figures ratio) {
        return Double.isFinite(ratio.max()) && ratio.min() > 0;
    }

    private void add(Result result) {
        String name = Lines.wrapped(result.name(), NAME_COLUMNS);
        rows.add(Map.of("row", rows.size(), "label", name, "lines", name.lines().count()));
        for (Versus each : result.beside()) {
            if (canBeDrawn(each.ratio())) {
                rows.add(row(result, each));
                include(each.ratio().min());
                include(each.ratio().max());
            } else {
                rows.add(Map.of("row", rows.size(), "label", label(each, Quantity.of(result.unit()))));
            }
        }
    }

    private static String label(Versus versus, Quantity quantity) {
        Figures ratio = versus.ratio();
        return "÷ %s: %s, %s".formatted(versus.rival(), ratio.ratioMedian(), quantity.inWords(ratio));
    }

    private Map<String, Object> row(Result result, Versus versus) {
        Figures ratio = versus.ratio();
        Quantity quantity = Quantity.of(result.unit());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("row", rows.size());
        row.put("label", label(versus, quantity));
        row.put("ratio", ratio.median());
        row.put("min", ratio.min());
        row.put("max", ratio.max());
        row.put("low", ratio.interval().low());
        row.put("high", ratio.interval().high());
        row.put("verdict", look(versus, quantity));
        row.put("text", text(result, versus));
        if (versus.goal() != null) {
            row.put("goal", versus.goal().limit());
            include(versus.goal().limit());
        }
        return row;
    }

    private static String look(Versus versus, Quantity quantity) {
        return versus.isOurOwn()
                ? "own"
                : quantity.verdict(versus.ratio()).name().toLowerCase(Locale.ROOT);
    }

    private void include(double value) {
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
    }

    private ObjectNode spec() {
        ObjectNode spec = VegaLite.template("ratios", rows);
        spec.put("height", ROW * rows.size());
        ObjectNode x = VegaLite.object(spec, "/layer/1/encoding/x");
        x.withObject("scale").set("domain", VegaLite.node(List.of(lowest / MARGIN, highest * MARGIN)));
        x.withObject("axis").set("values", VegaLite.node(ticks()));
        return spec;
    }

    /// Half as many where there would be no room for all on a phone.
    private List<Double> ticks() {
        List<Double> all = TICKS.stream()
                .filter(tick -> tick >= lowest / MARGIN && tick <= highest * MARGIN)
                .toList();
        return all.size() <= 7
                ? all
                : all.stream().filter(tick -> isPowerOfTen(tick)).toList();
    }

    private static boolean isPowerOfTen(double tick) {
        return DoubleStream.of(0.001, 0.01, 0.1, 1, 10, 100).anyMatch(power -> power == tick);
    }
}
