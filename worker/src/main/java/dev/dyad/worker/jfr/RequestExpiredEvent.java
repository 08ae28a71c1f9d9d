package dev.dyad.worker.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/// A request whose deadline has passed, from when it was made.
@Name("dyad.RequestExpired")
@Label("Request Expired")
@Description("A request had no answer by its deadline; it lasts from when that was made")
@Category("Dyad")
@Enabled(false)
public final class RequestExpiredEvent extends Event {

    @Label("Pool")
    @Description("Its number, in the order in which pools were started")
    int pool;

    @Label("Was Waiting")
    @Description("Whether it waited for a worker; otherwise a worker had it")
    boolean wasWaiting;

    @Label("May Have Run")
    boolean mayHaveRun;

    /// Begins one, of which it is not known whether it expires.
    ///
    /// @return the event, or `null` where nobody wants to know
    public static @Nullable RequestExpiredEvent begun() {
        var event = new RequestExpiredEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    /// Tells that it has.
    public void tell(int pool, boolean wasWaiting, boolean mayHaveRun) {
        end();
        if (shouldCommit()) {
            this.pool = pool;
            this.wasWaiting = wasWaiting;
            this.mayHaveRun = mayHaveRun;
            commit();
        }
    }
}
