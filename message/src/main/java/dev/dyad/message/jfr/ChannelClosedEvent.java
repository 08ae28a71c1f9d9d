package dev.dyad.message.jfr;

import dev.dyad.message.Closed;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A channel has ended, on this side or on the other.
@Name("dyad.ChannelClosed")
@Label("Channel Closed")
@Description("A channel of messages has ended, on this side or on the other")
@Category("Dyad")
@Enabled(false)
@StackTrace(false)
public final class ChannelClosedEvent extends Event {

    @Label("Channel")
    String channel = "";

    @Label("Process Id")
    @Description("Of the child at the other end; 0 where that is none")
    long pid;

    @Label("Kind")
    @Description("Ended, ChildEnded, Broken, Misbehaved, AskedToStop or Here")
    String kind = "";

    @Label("How")
    String how = "";

    /// Tells of one.
    ///
    /// @param channel what it was over
    public static void tell(Object channel, long pid, Closed closed) {
        var event = new ChannelClosedEvent();
        if (event.shouldCommit()) {
            event.channel = channel.toString();
            event.pid = pid;
            event.kind = closed.getClass().getSimpleName();
            event.how = closed.toString();
            event.commit();
        }
    }
}
