package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// What a soak has measured, as a run of one suite: so `report` draws it, and a repository can keep it.
public final class SoakRun {

    static final String SUITE = "soak";
    static final String ALONG = "minute";
    private static final double SECONDS = 60;

    private final RunConditions machine;
    private final List<Result> rows = new ArrayList<>();
    private final List<Result> points = new ArrayList<>();

    private SoakRun(RunConditions machine) {
        this.machine = machine;
    }

    /// Returns one without figures, of a soak that begins now.
    ///
    /// @return the run
    /// @throws IOException if the system does not say where it runs
    public static SoakRun begin() throws IOException {
        return new SoakRun(RunConditions.current());
    }

    /// Adds a row.
    ///
    /// @param name what was looked at, and what is said of it
    /// @param unit of the figures
    /// @param figures what there was each time that nothing was at work
    public void add(String name, String unit, List<Double> figures) {
        rows.add(Result.of(name, unit, null, figures));
    }

    /// Adds a curve.
    ///
    /// @param name what was looked at
    /// @param unit of the figures
    /// @param figures what there was, by the second
    public void addCurve(String name, String unit, SortedMap<Double, Double> figures) {
        figures.forEach((second, figure) ->
                points.add(Result.of(name, unit, null, List.of(figure)).at(name, ALONG, second / SECONDS)));
    }

    /// Returns it with where and when it ran, and of what.
    ///
    /// @param seconds how long it took
    /// @return the run, as JSON
    /// @throws IOException if the versions cannot be read
    public String json(long seconds) throws IOException {
        var results = new ArrayList<>(rows);
        results.addAll(points);
        var suite = new SuiteRun(SUITE, seconds, null, results);
        return new BenchmarkRun(machine, Versions.current(), List.of(suite)).json();
    }
}
