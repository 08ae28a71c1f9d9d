package dev.dyad.bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/// How long something takes, as programs print it: the microseconds that so many in a hundred stay below, in lines of
/// `prefix-p50=figure`.
final class PrintedPercentiles {

    static final List<String> ALL = List.of("50", "90", "99", "99.9");

    private PrintedPercentiles() {}

    static void print(String prefix, Histogram nanos) {
        for (String each : ALL) {
            double micros = nanos.getValueAtPercentile(Double.parseDouble(each)) / 1e3;
            System.out.println(name(prefix, each) + "=" + micros);
        }
    }

    /// Returns the name that one is printed under.
    static String name(String prefix, String percentile) {
        return prefix + "-p" + percentile;
    }
}
