package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.JavaCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Asks a child that echoes: prints the microseconds from an ask to its answer. Its twin is in `processes.c`.
///
/// It is the median of the means of a few: one that waits now and then shows, somebody else who takes the core for some
/// milliseconds does not. Or it is the mean of all, where that is what matters.
public final class RoundTrip {

    /// What echoes, if it is no program in C.
    static final String JAVA = "java";

    static final String MEDIAN = "median"; // of the means of a few
    static final String PERCENTILES = "percentiles"; // of single ones
    static final String MEAN = "mean";

    static final int MESSAGE = 64;
    private static final int BATCH = 16;
    private static final int WARM_UP = 4; // times as long: the compilers of two JVMs share the cores with them
    static final int WARM_UP_TO_SPIN = 10; // where it counts whether that was learned: see BusyCases

    private final Ask ask;

    private RoundTrip(Ask ask) {
        this.ask = ask;
    }

    /// Sends a message, and returns once its answer has come.
    @FunctionalInterface
    interface Ask {
        void make() throws IOException;
    }

    /// Asks for so long, after a while that warms up what is measured.
    ///
    /// @param arguments who echoes, how many seconds count, how many lie between an answer and the next ask, and
    ///     what to print of it all
    public static void main(String[] arguments) throws IOException {
        try (Child child = echo(arguments[0]).spawn()) {
            print(arguments, through(child.socket()));
        }
    }

    /// Asks for so long and prints the figure, or several.
    ///
    /// @param arguments those of [#main]
    static void print(String[] arguments, Ask ask) throws IOException {
        double seconds = Double.parseDouble(arguments[1]);
        long gap = (long) (Double.parseDouble(arguments[2]) * 1e9);
        var roundTrip = new RoundTrip(ask);
        int warmUp = arguments[3].equals(PERCENTILES) ? WARM_UP_TO_SPIN : WARM_UP;
        int _ = roundTrip.micros(warmUp * seconds, 0).size(); // compilers count calls, of which gaps leave few
        int _ = roundTrip.micros(seconds, gap).size();
        if (arguments[3].equals(PERCENTILES)) {
            PrintedPercentiles.print(PeerProcesses.ASK, roundTrip.nanos(seconds));
        } else {
            System.out.println(figure(arguments[3], roundTrip.micros(seconds, gap)));
        }
    }

    /// Returns how long each one takes.
    private Histogram nanos(double seconds) throws IOException {
        var nanos = new Histogram(3);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long asked = System.nanoTime();
        do {
            ask.make();
            long answered = System.nanoTime();
            nanos.recordValue(answered - asked);
            asked = System.nanoTime();
        } while (asked < end);
        return nanos;
    }

    static Ask through(ByteChannel end) {
        var message = ByteBuffer.allocateDirect(MESSAGE);
        return () -> {
            end.write(message.clear());
            if (end.read(message.clear()) != MESSAGE) {
                throw new IOException("not the whole answer");
            }
        };
    }

    static Command echo(String who) {
        return who.equals(JAVA) ? JavaCommand.of(Echo.class).command() : Command.of(who, "echo");
    }

    private static double figure(String what, List<Double> micros) {
        return switch (what) {
            case MEDIAN -> Figures.of(micros).median();
            case MEAN -> micros.stream().mapToDouble(Double::doubleValue).sum() / micros.size();
            default -> throw new IllegalArgumentException(what);
        };
    }

    /// Returns the mean of each few.
    private List<Double> micros(double seconds, long gap) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var batches = new ArrayList<Double>();
        do {
            batches.add(nanosOfBatch(gap) / 1e3 / BATCH);
        } while (System.nanoTime() < end);
        return batches;
    }

    private long nanosOfBatch(long gap) throws IOException {
        long waited = 0;
        for (int i = 0; i < BATCH; i++) {
            if (gap > 0) {
                LockSupport.parkNanos(gap);
            }
            long asked = System.nanoTime();
            ask.make();
            waited += System.nanoTime() - asked;
        }
        return waited;
    }
}
