package dev.dyad.worker;

import dev.dyad.worker.jfr.WorkersStatisticsEvent;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the recorder how a pool fares. It does not know the pool, which may be forgotten.
final class StatisticsTeller implements Consumer<Workers> {

    private static final double MOST = 99;
    private static final double HALF = 50;

    private final int pool;
    private final String command;
    private @Nullable WorkersStatistics before; // guarded by this

    StatisticsTeller(int pool, String command) {
        this.pool = pool;
        this.command = command;
    }

    @Override
    public void accept(Workers workers) {
        var event = new WorkersStatisticsEvent();
        if (event.shouldCommit()) {
            event.pool = pool;
            event.command = command;
            describe(workers.workers(), event);
            describe(lately(workers), event);
            event.commit();
        }
    }

    private static void describe(List<Worker> workers, WorkersStatisticsEvent event) {
        event.workers = workers.size();
        for (Worker worker : workers) {
            switch (worker.state()) {
                case READY -> event.ready++;
                case BUSY -> event.busy++;
                case STARTING, AWAY -> {}
            }
        }
    }

    private static void describe(WorkersStatistics lately, WorkersStatisticsEvent event) {
        event.waiting = lately.waiting();
        event.underWay = lately.underWay();
        event.answered = lately.answered();
        event.failed = lately.failures();
        event.started = lately.workersStarted();
        event.waited50 = lately.waited().at(HALF).toNanos();
        event.waited99 = lately.waited().at(MOST).toNanos();
        event.waitedMost = lately.waited().max().toNanos();
        event.ran50 = lately.ran().at(HALF).toNanos();
        event.ran99 = lately.ran().at(MOST).toNanos();
        event.ranMost = lately.ran().max().toNanos();
    }

    private synchronized WorkersStatistics lately(Workers workers) {
        WorkersStatistics now = workers.statistics();
        WorkersStatistics earlier = before;
        before = now;
        return earlier == null ? now : now.since(earlier);
    }
}
