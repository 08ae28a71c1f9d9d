package dev.dyad.bench;

import dev.dyad.message.RequestFailedException;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import dev.dyad.worker.WorkersStatistics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/// Asks two workers, each of which is replaced after a hundred requests, or not: prints the microseconds of the longest
/// request of any caller, of the median, and of the longest wait for a worker, which is the pool's part.
public final class RecycledWorkers {

    static final String LONGEST = "longest";
    static final String MEDIAN = "median";
    static final String WAIT = "wait";

    private static final int REQUESTS = 100; // until a worker is replaced
    private static final int CALLERS = 2;
    private static final Duration LONG = Duration.ofMinutes(1);

    private RecycledWorkers() {}

    /// Measures for so long, after a while that warms up what is measured.
    ///
    /// @param arguments how many seconds count, whether workers are replaced, and the program that the workers are
    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[0]);
        boolean recycles = Boolean.parseBoolean(arguments[1]);
        WorkerPlan plan = AskedWorkers.plan(Command.of(arguments[2])).workers(AskedWorkers.WORKERS);
        try (Workers workers = (recycles ? plan.recycleAfter(REQUESTS) : plan).start()) {
            workers.awaitReady(Deadline.after(LONG));
            Histogram _ = nanos(workers, RequestRate.WARM_UP * seconds);
            WorkersStatistics before = workers.statistics();
            var nanos = new Histogram(3);
            WorkersStatistics lately;
            do {
                nanos.add(nanos(workers, seconds));
                lately = workers.statistics().since(before);
            } while (recycles && lately.workersRetired() == 0); // in a quick run
            print(LONGEST, nanos.getMaxValue());
            print(MEDIAN, nanos.getValueAtPercentile(50));
            print(WAIT, lately.waited().at(100).toNanos());
        }
    }

    private static void print(String name, long nanos) {
        System.out.println(name + "=" + nanos / 1e3);
    }

    private static Histogram nanos(Workers workers, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<FutureTask<Histogram>> asking = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Callable<Histogram> ask = () -> ask(workers, end);
            var task = new FutureTask<>(ask);
            asking.add(task);
            Thread.startVirtualThread(task);
        }
        var all = new Histogram(3);
        for (FutureTask<Histogram> task : asking) {
            all.add(task.get());
        }
        return all;
    }

    private static Histogram ask(Workers workers, long end) throws RequestFailedException {
        var message = ByteBuffer.allocate(RoundTrip.MESSAGE);
        var nanos = new Histogram(3);
        for (long begun = System.nanoTime(); begun < end; begun = System.nanoTime()) {
            workers.call(message.clear());
            nanos.recordValue(System.nanoTime() - begun);
        }
        return nanos;
    }
}
