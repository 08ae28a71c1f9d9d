package dev.dyad.worker;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.RequestFailedException.Why;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what becomes of requests and workers. No call of it waits for another one.
final class StatisticsRecorder {

    private final LongAdder answered = new LongAdder();
    private final Map<Why, LongAdder> failed = new EnumMap<>(Why.class); // which only its adders change in
    private final LongAdder workersStarted = new LongAdder();
    private final LongAdder workersFailed = new LongAdder();
    private final LongAdder workersRetired = new LongAdder();
    private final DurationHistogram waited = new DurationHistogram();
    private final DurationHistogram ran = new DurationHistogram();

    StatisticsRecorder() {
        for (Why why : Why.values()) {
            failed.put(why, new LongAdder());
        }
    }

    /// Counts a request that has waited for a worker since `begun`, by [System#nanoTime].
    void waited(long begun) {
        waited.record(System.nanoTime() - begun);
    }

    /// Counts a request that a worker has had since `begun`, by [System#nanoTime].
    void ran(long begun) {
        ran.record(System.nanoTime() - begun);
    }

    void answered() {
        answered.increment();
    }

    void failed(Why why) {
        requireNonNull(failed.get(why)).increment();
    }

    void happened(WorkerEvent event) {
        switch (event) {
            case WorkerEvent.Started _ -> workersStarted.increment();
            case WorkerEvent.Failed _ -> workersFailed.increment();
            case WorkerEvent.Retired _ -> workersRetired.increment();
            case WorkerEvent.Ready _, WorkerEvent.BackedOff _, WorkerEvent.GaveUp _ -> {}
        }
    }

    /// @param taken how many requests have not ended, those that wait among them
    WorkersStatistics snapshot(int waiting, int taken) {
        return new WorkersStatistics(
                waiting,
                Math.max(0, taken - waiting),
                answered.sum(),
                failed(),
                workersStarted.sum(),
                workersFailed.sum(),
                workersRetired.sum(),
                new Percentiles(waited.counts()),
                new Percentiles(ran.counts()));
    }

    private Map<Why, Long> failed() {
        var counts = new EnumMap<Why, Long>(Why.class);
        failed.forEach((why, count) -> counts.put(why, count.sum()));
        return counts;
    }
}
