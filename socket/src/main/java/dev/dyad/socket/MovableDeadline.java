package dev.dyad.socket;

import dev.dyad.socket.waiting.TimeLimit;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A deadline that any thread may move, also for the calls that wait with it now.
///
/// It cancels a waiting call without closing the end: [#expire] ends each call that waits with this one, by
/// [java.net.SocketTimeoutException]. Such a call loses nothing, and the end stays as it was. It can also
/// give the calls more time, as long as there is progress.
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="movable-deadline"}
///
/// It works for every call that takes a [Deadline], on any kind of end and thread, and for any number of calls,
/// one after the other or at once. A call that waits for its turn behind another one, or for the end of a child,
/// takes up to a hundredth of a second to see it moved. A select that is under way returns with nothing when it
/// is moved. A deadline that has passed can be moved into the future again, for the calls that follow.
///
/// There is nothing to close.
///
/// @see <a href="https://pkg.go.dev/net#Conn">SetReadDeadline of Go's net.Conn</a>
public final class MovableDeadline extends Deadline {

    private static final long GLANCE = 10_000_000; // nanoseconds
    private static final Deadline PAST = Deadline.after(Duration.ZERO);

    private final TimeLimit limit = new Moving();
    private final Set<Watching> waits = ConcurrentHashMap.newKeySet();
    private volatile Deadline moment;

    /// Makes a deadline that can be moved from now on.
    ///
    /// @param first its moment until it is moved, such as [Deadline#never]
    public MovableDeadline(Deadline first) {
        super(true, 0);
        moment = first.limit().deadline();
    }

    /// Moves it, earlier or later; calls that wait with it go by the new moment.
    ///
    /// Returns when those that wait have been told.
    ///
    /// @param when the new moment; of a deadline that can be moved itself, its moment now
    public void moveTo(Deadline when) {
        moment = Objects.requireNonNull(when, "when").limit().deadline();
        Throwable failure = null;
        for (Watching each : waits) {
            try {
                each.tell();
            } catch (RuntimeException | Error thrown) { // the others are told all the same
                failure = thrown;
            }
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /// Makes it pass now: calls that wait with it end, and those that follow wait for nothing.
    public void expire() {
        moveTo(PAST);
    }

    @Override
    public boolean isLimited() {
        return moment.isLimited();
    }

    @Override
    public boolean hasPassed() {
        return moment.hasPassed();
    }

    @Override
    public long remainingNanos() {
        return moment.remainingNanos();
    }

    @Override
    public long nanosToNextLook() {
        return Math.min(remainingNanos(), GLANCE);
    }

    @Override
    TimeLimit limit() {
        return limit;
    }

    @Override
    TimeLimit limitUntilMoved() {
        return new Unmoved(limit, moment);
    }

    /// The limit of the waits of this one.
    private final class Moving implements TimeLimit {
        @Override
        public Deadline deadline() {
            return moment;
        }

        @Override
        public Watch watch(Runnable wake) {
            return new Watching(wake);
        }

        @Override
        public long glance() {
            return GLANCE;
        }
    }

    /// The limit of a wait that ends when another one is moved.
    private record Unmoved(TimeLimit limit, Deadline first) implements TimeLimit {
        @Override
        public Deadline deadline() {
            return limit.deadline().equals(first) ? first : PAST;
        }

        @Override
        public @Nullable Watch watch(Runnable wake) {
            return limit.watch(wake);
        }

        @Override
        public long glance() {
            return limit.glance();
        }
    }

    /// A wait that is told of each change.
    private final class Watching implements TimeLimit.Watch {
        private final Runnable wake;

        Watching(Runnable wake) {
            this.wake = wake;
            waits.add(this);
        }

        void tell() {
            wake.run();
        }

        @Override
        public void close() {
            waits.remove(this);
        }
    }
}
