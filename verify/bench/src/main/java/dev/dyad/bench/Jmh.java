package dev.dyad.bench;

import java.io.IOException;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One benchmark method in a JVM of its own, by JMH.
///
/// A figure is what one costs that nobody disturbs: the 5th percentile of batches, which are shorter than a time slice.
/// On a machine that is shared, all that lies above tells of the neighbours. The twin in C does the same.
final class Jmh {

    /// How often a benchmark method does what it measures.
    static final int BATCH = 100;

    private static final double UNDISTURBED = 5;

    static {
        // Its lock in the temporary folder makes two runs fail that could as well disturb each other a little.
        System.setProperty("jmh.ignoreLock", "true");
    }

    private Jmh() {}

    /// Returns the nanoseconds that a method of [PairBenchmark] takes.
    static Contender nanosOf(String method, Pace pace) {
        return nanosOf(options(PairBenchmark.class, method, pace).build());
    }

    /// Returns the nanoseconds that [BareBenchmark] takes.
    static Contender nanosOfBareCalls(Pace pace) {
        return nanosOf(options(BareBenchmark.class, "sendAndReceive", pace).build());
    }

    /// Returns the nanoseconds that a method of [PeerBenchmark] takes with the channels of a peer.
    static Contender nanosOf(String method, Peer peer, Pace pace) {
        Contender nanos = nanosOf(options(PeerBenchmark.class, method, pace)
                .param("peer", peer.name())
                .build());
        return () -> {
            PeerPairs.open(peer).close(); // JMH does not tell what is missing
            return nanos.measure();
        };
    }

    /// Returns the nanoseconds that a batch of [BatchBenchmark] takes.
    static Contender nanosOfBatch(Pace pace) {
        return nanosOf(options(BatchBenchmark.class, "sendAndReceive", pace).build());
    }

    private static Contender nanosOf(Options options) {
        return () -> {
            try {
                return run(options).getPrimaryResult().getStatistics().getPercentile(UNDISTURBED);
            } catch (RunnerException e) {
                throw new IOException(options.getIncludes() + ": " + e.getMessage(), e);
            }
        };
    }

    /// Nobody says that two of its runners get along.
    private static synchronized RunResult run(Options options) throws RunnerException {
        return new Runner(options).runSingle();
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark, String method, Pace pace) {
        var span = TimeValue.milliseconds(pace.span().toMillis());
        return new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "." + method) + "$")
                .forks(1)
                .jvmArgs(Jvm.optionsForJmh())
                .warmupIterations(pace.warmups())
                .warmupTime(span)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(2 * pace.span().toMillis())) // the compiler may be late
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }
}
