package dev.dyad.socket;

import dev.dyad.socket.waiting.TimeLimit;
import java.time.Duration;

/// A limit in time: the moment by which a call has to be done.
///
/// Absolute, so that it can be handed from one call to the next: together they take no longer than was meant.
/// Free to be shared. It does not change, unless it is a [MovableDeadline].
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="deadline"}
public sealed class Deadline permits MovableDeadline {

    private static final Deadline NEVER = new Deadline(false, 0);
    private static final long LONGEST = Long.MAX_VALUE / 4; // 73 years, and no overflow

    private final boolean limited;
    private final long nanoTime;
    private final TimeLimit limit;

    Deadline(boolean limited, long nanoTime) {
        this.limited = limited;
        this.nanoTime = nanoTime;
        limit = TimeLimit.of(this, limited);
    }

    /// Returns the moment `time` from now; one that has passed already if `time` is zero or less.
    ///
    /// @param time how long from now
    /// @return the moment
    public static Deadline after(Duration time) {
        return new Deadline(true, System.nanoTime() + Math.clamp(nanos(time), -LONGEST, LONGEST));
    }

    /// Returns the moment that does not come.
    ///
    /// @return no limit
    public static Deadline never() {
        return NEVER;
    }

    /// Returns whether there is a limit at all.
    ///
    /// @return `false` for [#never]
    public boolean isLimited() {
        return limited;
    }

    /// Returns whether the moment has come.
    ///
    /// @return whether nothing remains
    public boolean hasPassed() {
        return limited && remainingNanos() == 0;
    }

    /// Returns how much time remains.
    ///
    /// @return nanoseconds, zero or more; [Long#MAX_VALUE] without a limit
    public long remainingNanos() {
        return limited ? Math.max(0, nanoTime - System.nanoTime()) : Long.MAX_VALUE;
    }

    /// Returns for how long to wait before looking at this again.
    ///
    /// A wait that is not told when a deadline moves, such as one in a queue, sees it in time if it waits so
    /// long at most, and then looks whether it [has passed][#hasPassed].
    ///
    /// @return nanoseconds: what remains, but no more than a hundredth of a second where it may move;
    ///     [Long#MAX_VALUE] for [#never]
    public long nanosToNextLook() {
        return remainingNanos();
    }

    /// Returns what a thread waits by, which is told where this moves.
    TimeLimit limit() {
        return limit;
    }

    /// Returns a limit that has passed once this moves.
    TimeLimit limitUntilMoved() {
        return limit();
    }

    /// Says how much time is left, for a log.
    @Override
    public String toString() {
        return isLimited() ? "Deadline[in " + Duration.ofNanos(remainingNanos()) + "]" : "Deadline[never]";
    }

    private static long nanos(Duration time) {
        try {
            return time.toNanos();
        } catch (ArithmeticException tooLong) {
            return time.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
