package dev.dyad.worker;

import java.time.Duration;

/// Something that happened to a worker: for a log, an alarm, a test.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="events"}
public sealed interface WorkerEvent {

    /// A worker was started.
    ///
    /// @param place which of the workers, from 0
    /// @param generation how many workers had that place before it
    /// @param pid its process
    record Started(int place, long generation, long pid) implements WorkerEvent {}

    /// It is given requests from now on.
    ///
    /// @param place which of the workers
    /// @param pid its process
    /// @param took how long that took, from before its start
    record Ready(int place, long pid, Duration took) implements WorkerEvent {}

    /// It has ended, or was not started, without being asked to.
    ///
    /// @param place which of the workers
    /// @param pid its process, or 0 where there was none
    /// @param how how it ended, with its last lines where there are any
    /// @param failuresInARow how many of this place have failed in a row, with this one, as of
    ///     [WorkerPlan#giveUpAfter]
    record Failed(int place, long pid, String how, int failuresInARow) implements WorkerEvent {}

    /// It is given no more requests, and is ended, because we want it so.
    ///
    /// @param place which of the workers
    /// @param pid its process
    /// @param why why, such as that it was late
    record Retired(int place, long pid, String why) implements WorkerEvent {}

    /// Another one is started only after a time.
    ///
    /// @param place which of the workers
    /// @param pause how long
    record BackedOff(int place, Duration pause) implements WorkerEvent {}

    /// Requests that would have to wait fail from now on, until a worker has answered.
    ///
    /// @param how how the last one ended
    record GaveUp(String how) implements WorkerEvent {}
}
