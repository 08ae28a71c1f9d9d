package dev.dyad.worker.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A worker is ended as the pool wants it so.
@Name("dyad.WorkerRetired")
@Label("Worker Retired")
@Description("A worker is given no more requests, and is ended: it was old, late, or not needed")
@Category("Dyad")
@Enabled(false)
@StackTrace(false)
public final class WorkerRetiredEvent extends Event {

    @Label("Pool")
    @Description("Its number, in the order in which pools were started")
    int pool;

    @Label("Place")
    @Description("Which worker of the pool; one that takes its place has the same number")
    int place;

    @Label("Process Id")
    long pid;

    @Label("Why")
    String why = "";

    /// Tells of one.
    public static void tell(int pool, int place, long pid, String why) {
        var event = new WorkerRetiredEvent();
        if (event.shouldCommit()) {
            event.pool = pool;
            event.place = place;
            event.pid = pid;
            event.why = why;
            event.commit();
        }
    }
}
