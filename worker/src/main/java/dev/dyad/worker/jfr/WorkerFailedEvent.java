package dev.dyad.worker.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A worker has ended, or was not started, without being asked to.
@Name("dyad.WorkerFailed")
@Label("Worker Failed")
@Description("A worker has ended, or was not started, without being asked to")
@Category("Dyad")
@StackTrace(false)
public final class WorkerFailedEvent extends Event {

    @Label("Pool")
    @Description("Its number, in the order in which pools were started")
    int pool;

    @Label("Place")
    @Description("Which worker of the pool; one that takes its place has the same number")
    int place;

    @Label("Process Id")
    @Description("0 where there was none")
    long pid;

    @Label("How")
    String how = "";

    @Label("Failures in a Row")
    int failuresInARow;

    /// Tells of one.
    public static void tell(int pool, int place, long pid, String how, int failuresInARow) {
        var event = new WorkerFailedEvent();
        if (event.shouldCommit()) {
            event.pool = pool;
            event.place = place;
            event.pid = pid;
            event.how = how;
            event.failuresInARow = failuresInARow;
            event.commit();
        }
    }
}
