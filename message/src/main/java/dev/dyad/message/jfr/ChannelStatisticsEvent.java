package dev.dyad.message.jfr;

import dev.dyad.socket.jfr.OpenCount;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/// How many channels there are.
@Name("dyad.ChannelStatistics")
@Label("Channel Statistics")
@Description("How many channels of messages are open, and how many were, since the start of the process")
@Category("Dyad")
@Enabled(false)
@Period("1 s")
@StackTrace(false)
public final class ChannelStatisticsEvent extends Event {

    @Label("Open")
    @Description("Those that have not ended, on this side or on the other")
    long open;

    @Label("Opened")
    @Description("Since the start of the process")
    long opened;

    @Label("Closed")
    @Description("Of those that were opened")
    long closed;

    /// Tells how many there are now.
    ///
    /// @param count where they are counted
    public static void tell(OpenCount count) {
        var event = new ChannelStatisticsEvent();
        if (event.shouldCommit()) {
            OpenCount.Numbers numbers = count.numbers();
            event.open = numbers.open();
            event.opened = numbers.opened();
            event.closed = numbers.closed();
            event.commit();
        }
    }
}
