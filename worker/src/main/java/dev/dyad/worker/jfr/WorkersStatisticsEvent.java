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

/// How a pool fares, and what has become of requests since the event before, or since the pool was started.
///
/// What came after the last one before a close is not told.
@Name("dyad.WorkersStatistics")
@Label("Workers Statistics")
@Description(
        "How a pool fares now, and what has become of requests since the event before of the same pool, or its start")
@Category("Dyad")
@Enabled(false)
@Period("1 s")
@StackTrace(false)
public final class WorkersStatisticsEvent extends Event {

    @Label("Pool")
    @Description("Its number, in the order in which pools were started")
    public int pool;

    @Label("Command")
    @Description("The program of the first one, without its arguments, and how many more there are")
    public String command = "";

    @Label("Workers")
    @Description("All there are now: those that start, are ready, busy or leave")
    public int workers;

    @Label("Ready")
    @Description("Those that wait for a request")
    public int ready;

    @Label("Busy")
    @Description("Those that have a request")
    public int busy;

    @Label("Waiting")
    @Description("Requests that no worker has yet")
    public int waiting;

    @Label("Under Way")
    @Description("Requests that workers have")
    public int underWay;

    @Label("Answered")
    @Description("Requests, since the event before")
    public long answered;

    @Label("Failed")
    @Description("Requests that ended without an answer, since the event before")
    public long failed;

    @Label("Started")
    @Description("Workers, since the event before")
    public long started;

    @Label("Waited p50")
    @Timespan
    public long waited50;

    @Label("Waited p99")
    @Timespan
    public long waited99;

    @Label("Waited Max")
    @Timespan
    public long waitedMost;

    @Label("Ran p50")
    @Timespan
    public long ran50;

    @Label("Ran p99")
    @Timespan
    public long ran99;

    @Label("Ran Max")
    @Timespan
    public long ranMost;
}
