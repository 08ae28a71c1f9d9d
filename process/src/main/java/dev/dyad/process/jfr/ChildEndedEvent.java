package dev.dyad.process.jfr;

import dev.dyad.process.Exit;
import dev.dyad.process.ResourceUsage;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// A child has ended.
@Name("dyad.ChildEnded")
@Label("Child Ended")
@Description("A child has ended, by itself or as it was made to")
@Category("Dyad")
@StackTrace(false)
public final class ChildEndedEvent extends Event {

    @Label("Process Id")
    long pid;

    @Label("Program")
    String program = "";

    @Label("Exit")
    String exit = "";

    @Label("Shell Code")
    @Description("What a shell has in $?: the exit code, or 128 and the number of the signal")
    int shellCode;

    @Label("Lifetime")
    @Description("From before its start until its exit was taken")
    @Timespan
    long lifetime;

    @Label("User Time")
    @Description("Processor time in the program and in what it started and waited for; 0 where that is not known")
    @Timespan
    long userTime;

    @Label("System Time")
    @Description("Processor time in the kernel, on their behalf; 0 where that is not known")
    @Timespan
    long systemTime;

    /// Tells of one.
    ///
    /// @param program what it ran, without its arguments: one of them may be a password
    /// @param usage what it used, or `null` where that is not known
    public static void tell(long pid, String program, Exit exit, Duration lifetime, @Nullable ResourceUsage usage) {
        var event = new ChildEndedEvent();
        if (event.shouldCommit()) {
            event.pid = pid;
            event.program = program;
            event.exit = exit.toString();
            event.shellCode = exit.shellCode();
            event.lifetime = lifetime.toNanos();
            event.userTime = usage == null ? 0 : usage.userTime().toNanos();
            event.systemTime = usage == null ? 0 : usage.systemTime().toNanos();
            event.commit();
        }
    }
}
