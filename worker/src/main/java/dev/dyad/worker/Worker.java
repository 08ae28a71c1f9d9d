package dev.dyad.worker;

/// A worker, as it is at this moment.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="snapshot"}
///
/// @param place which of the workers, from 0
/// @param generation how many workers had that place before it
/// @param state what it does
/// @param pid its process, or 0 where there is none
/// @param answered how many requests it has answered
/// @param underWay how many requests it has now
public record Worker(int place, long generation, State state, long pid, long answered, int underWay) {

    /// What a worker does.
    public enum State {
        /// It was started, or is about to be, and gets no requests yet.
        STARTING,
        /// It waits for a request.
        READY,
        /// It has one or more.
        BUSY,
        /// It failed, and another one is started after a time.
        AWAY
    }
}
