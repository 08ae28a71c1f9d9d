package dev.dyad.socket.fd;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.TimeLimit;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// How the thread that has the turn of a [Direction] waits until the next try is worth it.
///
/// It is made when a thread has to wait in that direction for the first time.
public interface WaitStrategy {

    /// What makes one, for a direction in which nobody has waited yet.
    @FunctionalInterface
    interface Source {
        WaitStrategy strategyFor(Direction direction);
    }

    /// Returns when the direction may be ready, when the end is closed, the direction ended or waits refused, when
    /// the time is up, or for no reason.
    ///
    /// @return what it has brought for the attempt, or `-EAGAIN`
    long awaitReady(Deadline deadline, Attempt attempt) throws IOException;

    /// Ends the wait of the thread that is in it, after the direction was marked or the end closed; from any thread.
    void wake();

    /// Returns whether a close need not wait until the thread that is in it has left.
    boolean isLeftBehind();

    /// Gives up what it has of the descriptor, which is about to be closed.
    void forget(int fd);

    /// Says that no event will tell when the next try of the call under way is worth it.
    void noEvent();

    /// Says what the call under way waits by from here on, or `null` for the descriptor.
    void waitBy(@Nullable Waiter waiter);

    /// Forgets what the waits of one call had in common.
    void ended();

    /// Begins to try again and again for a moment, if that is likely to pay; `Spin.end` must follow.
    default boolean beginSpin(long now) {
        return false;
    }

    /// Returns whether a thread that waits until then finds what has come meanwhile by the same call.
    default boolean sleepsAnyway(TimeLimit until) {
        return false;
    }

    /// Learns that a call had to wait for so many nanoseconds, until `now`.
    ///
    /// @param calls how many calls since the last wait answered more than zero, and this one
    /// @param answers the sum of what they answered: bytes on a stream, and something else on other sockets
    default void waited(long nanos, long now, long calls, long answers) {}
}
