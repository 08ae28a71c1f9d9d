package dev.dyad.message.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// A message was sent, or could not be, in the time that this took.
@Name("dyad.MessageSend")
@Label("Message Send")
@Description("A message was sent, or could not be; where that takes long, nobody reads")
@Category("Dyad")
@Enabled(false)
@Threshold("20 ms")
public final class MessageSendEvent extends Event {

    @Label("Channel")
    String channel = "";

    @Label("Process Id")
    @Description("Of the child at the other end; 0 where that is none")
    long pid;

    @Label("Length")
    @DataAmount
    long length;

    @Label("Was Sent")
    @Description("As far as this call goes: to the kernel, or to the buffer of the channel")
    boolean wasSent;

    /// Begins one.
    ///
    /// @return the event, or `null` where nobody wants to know
    public static @Nullable MessageSendEvent begun() {
        var event = new MessageSendEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    /// Tells that the call has ended.
    ///
    /// @param channel what it is over
    public void tell(Object channel, long pid, long length, boolean wasSent) {
        end();
        if (shouldCommit()) {
            this.channel = channel.toString();
            this.pid = pid;
            this.length = length;
            this.wasSent = wasSent;
            commit();
        }
    }
}
