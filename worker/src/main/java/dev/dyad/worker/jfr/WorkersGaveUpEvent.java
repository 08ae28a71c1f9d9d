package dev.dyad.worker.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// Every worker of a pool fails.
@Name("dyad.WorkersGaveUp")
@Label("Workers Gave Up")
@Description("Every worker of a pool fails: requests that would have to wait fail until one has answered")
@Category("Dyad")
@StackTrace(false)
public final class WorkersGaveUpEvent extends Event {

    @Label("Pool")
    @Description("Its number, in the order in which pools were started")
    int pool;

    @Label("How")
    @Description("How the last one ended")
    String how = "";

    /// Tells of it.
    public static void tell(int pool, String how) {
        var event = new WorkersGaveUpEvent();
        if (event.shouldCommit()) {
            event.pool = pool;
            event.how = how;
            event.commit();
        }
    }
}
