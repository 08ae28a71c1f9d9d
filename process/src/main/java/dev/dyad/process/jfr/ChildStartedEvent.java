package dev.dyad.process.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// A child was started, in the time that this took the one that asked for it.
@Name("dyad.ChildStarted")
@Label("Child Started")
@Description("A child was started; the event lasts as long as the caller waited for it")
@Category("Dyad")
@Enabled(false)
@Threshold("20 ms")
public final class ChildStartedEvent extends Event {

    @Label("Process Id")
    long pid;

    @Label("Program")
    String program = "";

    /// Begins one.
    ///
    /// @return the event, or `null` where nobody wants to know
    public static @Nullable ChildStartedEvent begun() {
        var event = new ChildStartedEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    /// Tells that the child runs.
    ///
    /// @param program what it runs, without its arguments: one of them may be a password
    public void tell(long pid, String program) {
        end();
        if (shouldCommit()) {
            this.pid = pid;
            this.program = program;
            commit();
        }
    }
}
