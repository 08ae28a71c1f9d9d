package dev.dyad.socket.waiting;

import dev.dyad.socket.Deadline;

/// Until when a thread waits, where that may be moved while it does.
public interface TimeLimit {

    /// What ends the watch of a wait over its limit.
    interface Watch extends AutoCloseable {

        /// The watch of a limit that does not move.
        Watch NONE = () -> {};

        @Override
        void close();
    }

    /// Returns the limit of a deadline that nobody moves.
    static TimeLimit of(Deadline fixed) {
        return new Fixed(fixed);
    }

    /// Returns the deadline as it is now, which does not change.
    Deadline now();

    /// Has a wait woken whenever the limit moves, until the watch is closed.
    ///
    /// Whoever waits looks at [#now] after that, so that no change is missed.
    Watch watch(Runnable wake);

    /// Returns for how many nanoseconds a thread waits at a time that cannot be woken by a change.
    long glance();

    /// Returns whether the moment has come.
    default boolean hasPassed() {
        return now().hasPassed();
    }

    /// Returns how many nanoseconds remain, zero or more.
    default long remainingNanos() {
        return now().remainingNanos();
    }

    /// The limit of a deadline that nobody moves.
    record Fixed(Deadline now) implements TimeLimit {
        @Override
        public Watch watch(Runnable wake) {
            return Watch.NONE;
        }

        @Override
        public long glance() {
            return Long.MAX_VALUE;
        }
    }
}
