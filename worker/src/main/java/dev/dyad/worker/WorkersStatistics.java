package dev.dyad.worker;

import dev.dyad.message.RequestFailedException.Why;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What has become of all requests and workers since the start: a snapshot.
///
/// What waits is the figure to watch, and [#waited] says what it costs. A request that is asked again counts once as
/// answered or failed, and each time as one that waited and ran.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="statistics"}
///
/// @param waiting how many requests wait for a worker now
/// @param underWay how many others have been taken and not ended
/// @param answered how many have been answered
/// @param failed how many have failed, for each reason
/// @param workersStarted how many workers were started
/// @param workersFailed how many ended, or were not started, without being asked to
/// @param workersRetired how many were ended as we wanted it so: late, old, replaced, or not needed
/// @param waited how long requests waited for a worker, until they had one or gave up; those that were refused at
///     once are not among them
/// @param ran how long workers had requests, until these were answered or failed
public record WorkersStatistics(
        int waiting,
        int underWay,
        long answered,
        Map<Why, Long> failed,
        long workersStarted,
        long workersFailed,
        long workersRetired,
        Percentiles waited,
        Percentiles ran) {

    /// Makes one, of a copy of the map.
    public WorkersStatistics {
        var copy = new EnumMap<Why, Long>(Why.class);
        copy.putAll(failed);
        failed = Collections.unmodifiableMap(copy);
    }

    /// Returns how many requests have failed, for whatever reason.
    ///
    /// @return the number
    public long failures() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Returns what is not in an earlier snapshot of the same workers: of a service that runs for months, its last
    /// minute.
    ///
    /// @param earlier the snapshot
    /// @return what has happened since, and what waits and is under way now
    /// @throws IllegalArgumentException if that is a later one, or of other workers
    public WorkersStatistics since(WorkersStatistics earlier) {
        var since = new EnumMap<Why, Long>(Why.class);
        failed.forEach((why, count) -> since.put(why, count - earlier.failed.getOrDefault(why, 0L)));
        return new WorkersStatistics(
                waiting,
                underWay,
                answered - earlier.answered,
                since,
                workersStarted - earlier.workersStarted,
                workersFailed - earlier.workersFailed,
                workersRetired - earlier.workersRetired,
                waited.since(earlier.waited),
                ran.since(earlier.ran));
    }
}
