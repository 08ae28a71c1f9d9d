package dev.dyad.worker.jfr;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// A worker is given requests from now on.
@Name("dyad.WorkerReady")
@Label("Worker Ready")
@Description("A worker is given requests from now on")
@Category("Dyad")
@Enabled(false)
@StackTrace(false)
public final class WorkerReadyEvent extends Event {

    @Label("Pool")
    @Description("Its number, in the order in which pools were started")
    int pool;

    @Label("Place")
    @Description("Which worker of the pool; one that takes its place has the same number")
    int place;

    @Label("Process Id")
    long pid;

    @Label("Took")
    @Description("How long that took, from before its start")
    @Timespan
    long took;

    /// Tells of one.
    public static void tell(int pool, int place, long pid, Duration took) {
        var event = new WorkerReadyEvent();
        if (event.shouldCommit()) {
            event.pool = pool;
            event.place = place;
            event.pid = pid;
            event.took = took.toNanos();
            event.commit();
        }
    }
}
