package dev.dyad.worker.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// How a pool fares, and what has become of requests since the event before.
@Name("dyad.WorkersStatistics")
@Label("Workers Statistics")
@Description("How a pool fares now, and what has become of requests since the event before of the same pool")
@Category("Dyad")
@Enabled(false)
@Period("1 s")
@StackTrace(false)
public final class WorkersStatisticsEvent extends Event {

    @Label("Pool")
    public int pool;

    @Label("Command")
    @Description("The first one, without its arguments")
    public String command = "";

    @Label("Workers")
    public int workers;

    @Label("Ready Workers")
    public int ready;

    @Label("Busy Workers")
    public int busy;

    @Label("Waiting Requests")
    public int waiting;

    @Label("Requests under Way")
    public int underWay;

    @Label("Answered Requests")
    public long answered;

    @Label("Failed Requests")
    public long failed;

    @Label("Workers Started")
    public long started;

    @Label("Longest Wait, 50 of 100")
    @Timespan
    public long waited50;

    @Label("Longest Wait, 99 of 100")
    @Timespan
    public long waited99;

    @Label("Longest Wait")
    @Timespan
    public long waitedMost;

    @Label("Longest Run, 50 of 100")
    @Timespan
    public long ran50;

    @Label("Longest Run, 99 of 100")
    @Timespan
    public long ran99;

    @Label("Longest Run")
    @Timespan
    public long ranMost;
}
