package dev.dyad.bench;

import dev.dyad.bench.Result.Versus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Results that lie on one curve: what something costs along a number, or how it is distributed.
///
/// @param results those of one curve, each with a place on it
record CurveChart(String name, List<Result> results) {

    private static final double MANY_TIMES = 20;
    private static final int FEW = 8; // so many have room for a label each
    static final List<String> COLORS = Stream.of(
                    "better", "worse", "third", "fourth", "noise", "fifth", "sixth", "seventh", "eighth")
            .map("var(--%s)"::formatted)
            .toList();

    /// What is drawn, under the names that the template uses.
    record Point(String who, double at, double median, double min, double max, String text) {}

    /// Returns the curves that some results lie on, in their order.
    static List<CurveChart> of(List<Result> results) {
        Map<String, List<Result>> curves = results.stream()
                .filter(result -> result.place() != null)
                .collect(Collectors.groupingBy(CurveChart::curve, LinkedHashMap::new, Collectors.toList()));
        return curves.entrySet().stream()
                .filter(curve -> curve.getValue().size() > 1)
                .map(curve -> new CurveChart(curve.getKey(), curve.getValue()))
                .toList();
    }

    private static String curve(Result result) {
        return place(result).curve();
    }

    static CurvePoint place(Result result) {
        CurvePoint place = result.place();
        if (place == null) {
            throw new IllegalArgumentException(result.name() + " lies on no curve");
        }
        return place;
    }

    /// Returns the chart, as Vega-Lite takes it.
    ObjectNode spec() {
        List<Point> points = new ArrayList<>();
        for (Result each : results) {
            points.add(point(each, "ours", each.ours()));
            for (Versus versus : each.beside()) {
                points.add(point(each, versus.rival(), versus.theirs()));
            }
        }
        List<String> who = points.stream().map(Point::who).distinct().toList();
        ObjectNode spec = VegaLite.template("curve", points);
        setX(VegaLite.object(spec, "/encoding/x"));
        setY(VegaLite.object(spec, "/layer/0/encoding/y"), points);
        ObjectNode scale = VegaLite.object(spec, "/encoding/color").withObject("scale");
        scale.set("domain", VegaLite.node(who));
        scale.set("range", VegaLite.node(colors(who)));
        return spec;
    }

    /// Returns a color for each. Vega would begin anew with ours where there are too few.
    private List<String> colors(List<String> who) {
        if (who.size() > COLORS.size()) {
            throw new IllegalStateException("%s: no color is left for %s; report.css and CurveChart need one more"
                    .formatted(name, who.get(COLORS.size())));
        }
        return COLORS.subList(0, who.size());
    }

    /// Returns what a screen reader says of a point, and what tells it from all others.
    static String text(Result result, String who, Figures figures) {
        return result.name() + ", " + who + ": " + result.figures(figures);
    }

    private static Point point(Result result, String who, Figures figures) {
        return new Point(
                who, place(result).value(), figures.median(), figures.min(), figures.max(), text(result, who, figures));
    }

    private void setX(ObjectNode x) {
        String along = place(results.getFirst()).along();
        x.put("title", along);
        if (along.equals(CurvePoint.PERCENTILE)) {
            x.put("type", "ordinal").withObject("axis").put("format", "~r").put("labelAngle", 0);
            return;
        }
        x.put("type", "quantitative");
        double[] values = results.stream()
                .mapToDouble(each -> place(each).value())
                .sorted()
                .distinct()
                .toArray();
        double least = values[0];
        double most = values[values.length - 1];
        if (along.equals(SoakRun.ALONG)) {
            x.withObject("axis").put("format", "~r");
            x.withObject("scale").put("nice", false).put("type", "linear");
            return;
        }
        if (values.length <= FEW) {
            x.withObject("axis").set("values", VegaLite.node(values));
        }
        x.withObject("scale").put("nice", false).put("type", least > 0 && most > MANY_TIMES * least ? "log" : "linear");
    }

    private void setY(ObjectNode y, List<Point> points) {
        boolean hasRounds = results.getFirst().ours().rounds().size() > 1;
        y.put("title", results.getFirst().unit() + (hasRounds ? ", smallest to largest of the rounds" : ""));
        double least = points.stream().mapToDouble(Point::min).min().orElse(0);
        double most = points.stream().mapToDouble(Point::max).max().orElse(0);
        y.withObject("scale").put("type", least > 0 && most > MANY_TIMES * least ? "log" : "linear");
    }
}
