package dev.dyad.process.jfr;

import dev.dyad.socket.jfr.OpenCount;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/// How many children there are.
@Name("dyad.ChildStatistics")
@Label("Child Statistics")
@Description("How many children run, and how many were started, since the start of the process")
@Category("Dyad")
@Enabled(false)
@Period("1 s")
@StackTrace(false)
public final class ChildStatisticsEvent extends Event {

    @Label("Running")
    @Description("Those whose end is not known")
    long running;

    @Label("Started")
    @Description("Since the start of the process")
    long started;

    @Label("Ended")
    @Description("Of those that were started")
    long ended;

    /// Tells how many there are now.
    ///
    /// @param count where they are counted
    public static void tell(OpenCount count) {
        var event = new ChildStatisticsEvent();
        if (event.shouldCommit()) {
            OpenCount.Numbers numbers = count.numbers();
            event.running = numbers.open();
            event.started = numbers.opened();
            event.ended = numbers.closed();
            event.commit();
        }
    }
}
