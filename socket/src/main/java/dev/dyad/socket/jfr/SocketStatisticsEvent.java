package dev.dyad.socket.jfr;

import dev.dyad.socket.jfr.OpenCount.Numbers;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/// How many ends and other descriptors are open.
@Name("dyad.SocketStatistics")
@Label("Socket Statistics")
@Description("How many ends and other descriptors are open, and how many ends were, since the start of the process")
@Category("Dyad")
@Enabled(false)
@Period("1 s")
@StackTrace(false)
public final class SocketStatisticsEvent extends Event {

    @Label("Sockets")
    @Description("Connected ones, and those that are to be")
    long sockets;

    @Label("Listeners")
    long listeners;

    @Label("Pipe Ends")
    long pipeEnds;

    @Label("Opened")
    @Description("Sockets, listeners and ends of pipes, since the start of the process")
    long opened;

    @Label("Closed")
    @Description("Of those that were opened")
    long closed;

    @Label("Selectors")
    long selectors;

    @Label("Descriptors")
    @Description("Others, such as that of each child")
    long descriptors;

    private SocketStatisticsEvent() {}

    /// Tells how many there are now.
    static void tell() {
        var event = new SocketStatisticsEvent();
        if (event.shouldCommit()) {
            Numbers ofSockets = OpenKind.SOCKET.count.numbers();
            Numbers ofListeners = OpenKind.LISTENER.count.numbers();
            Numbers ofPipeEnds = OpenKind.PIPE_END.count.numbers();
            Numbers ends = ofSockets.plus(ofListeners).plus(ofPipeEnds);
            event.sockets = ofSockets.open();
            event.listeners = ofListeners.open();
            event.pipeEnds = ofPipeEnds.open();
            event.opened = ends.opened();
            event.closed = ends.closed();
            event.selectors = OpenKind.SELECTOR.count.numbers().open();
            event.descriptors = OpenKind.DESCRIPTOR.count.numbers().open();
            event.commit();
        }
    }
}
