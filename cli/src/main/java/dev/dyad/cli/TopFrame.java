package dev.dyad.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a JVM has told of itself by a moment.
///
/// @param ends `null` where nothing tells of them, as of channels, children and pools
/// @param happened what came since the frame before
record TopFrame(
        Instant time,
        long pid,
        @Nullable Ends ends,
        @Nullable Count channels,
        @Nullable Count children,
        @Nullable List<PoolRow> pools,
        List<Happening> happened) {

    /// How many there are of a kind, and were since the process began.
    record Count(long open, long opened, long closed) {
        static final Count NONE = new Count(0, 0, 0);
    }

    /// Sockets, listeners and ends of pipes, and what else has a descriptor.
    ///
    /// @param all the first three
    record Ends(Count all, long sockets, long listeners, long pipeEnds, long selectors, long descriptors) {
        static final Ends NONE = new Ends(Count.NONE, 0, 0, 0, 0, 0);
    }

    /// How a pool fares; what has become of requests is since the event before.
    record PoolRow(
            int number,
            String command,
            int workers,
            int ready,
            int busy,
            int waiting,
            int underWay,
            long answered,
            long failed,
            long started,
            Took waited,
            Took ran) {}

    /// How long requests took.
    record Took(Duration p50, Duration p99, Duration max) {}

    /// What is told when it happens.
    ///
    /// @param event the name of the event
    /// @param what in words
    record Happening(Instant time, String event, String what) {}
}
