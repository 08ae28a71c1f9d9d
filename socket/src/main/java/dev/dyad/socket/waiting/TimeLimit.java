package dev.dyad.socket.waiting;

import dev.dyad.socket.Deadline;
import org.jspecify.annotations.Nullable;

/// Until when a thread waits, where that may be moved while it does.
public interface TimeLimit {

    /// What ends the watch of a wait over its limit.
    interface Watch extends AutoCloseable {

        @Override
        void close();
    }

    /// Returns the limit of a deadline that nobody moves.
    static TimeLimit of(Deadline fixed) {
        return of(fixed, fixed.isLimited());
    }

    /// Returns the limit of a deadline that nobody moves, and that may not be made yet.
    ///
    /// @param isLimited whether there is one at all
    static TimeLimit of(Deadline fixed, boolean isLimited) {
        return isLimited ? new Fixed(fixed) : new Never(fixed);
    }

    /// Returns the deadline as it is now, which does not change.
    Deadline deadline();

    /// Has a wait woken whenever the limit moves, until the watch is closed.
    ///
    /// The thread that waits looks at [#deadline] after that, so that no change is missed.
    ///
    /// @return the watch, or `null` for a limit that does not move
    default @Nullable Watch watch(Runnable wake) {
        return null;
    }

    /// Returns for how many nanoseconds a thread waits at a time that cannot be woken by a change.
    default long glance() {
        return Long.MAX_VALUE;
    }

    /// Returns whether there is a limit at all now.
    default boolean isLimited() {
        return deadline().isLimited();
    }

    /// Returns whether the moment has come.
    default boolean hasPassed() {
        return deadline().hasPassed();
    }

    /// Returns how many nanoseconds remain, zero or more.
    default long remainingNanos() {
        return deadline().remainingNanos();
    }

    /// The limit of a deadline that nobody moves.
    record Fixed(Deadline deadline) implements TimeLimit {}

    /// No limit.
    record Never(Deadline deadline) implements TimeLimit {
        @Override
        public boolean isLimited() {
            return false;
        }

        @Override
        public boolean hasPassed() {
            return false;
        }
    }
}
