package dev.dyad.bench;

import dev.dyad.process.Child;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/// Asks a JVM that echoes, with gaps of several lengths between an answer and the next ask, beside more and more
/// busy loops that want the cores: prints how long it takes from an ask to its answer. Its twin is in
/// `processes.c`.
public final class GapRoundTrips {

    private static final int WARM_UP = 16; // times as long: see BusyCases

    private GapRoundTrips() {}

    /// Measures each gap for so long, after a while that warms up what is measured.
    ///
    /// @param arguments how many seconds count, the program of `processes.c`, and beside how many at most
    public static void main(String[] arguments) throws IOException, InterruptedException {
        double seconds = Double.parseDouble(arguments[0]);
        try (Child child = RoundTrip.echo(RoundTrip.JAVA).spawn()) {
            RoundTrip.Ask ask = RoundTrip.through(child.socket());
            Histogram _ = nanos(ask, Gap.NONE, WARM_UP * seconds);
            CoreLoad load = CoreLoad.of(arguments[1]);
            for (int loops = 0; loops <= Integer.parseInt(arguments[2]); loops++) {
                int number = loops;
                load.during(() -> print(ask, number, seconds));
                load = load.add();
            }
        }
    }

    private static void print(RoundTrip.Ask ask, int loops, double seconds) throws IOException {
        for (Gap gap : Gap.values()) {
            PrintedPercentiles.print(gap.name(loops), nanos(ask, gap, gap.seconds(seconds)));
        }
    }

    private static Histogram nanos(RoundTrip.Ask ask, Gap gap, double seconds) throws IOException {
        var nanos = new Histogram(3);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            gap.pass();
            long asked = System.nanoTime();
            ask.make();
            nanos.recordValue(System.nanoTime() - asked);
        } while (System.nanoTime() < end);
        return nanos;
    }
}
