package dev.dyad.message;

import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A child: once its end is closed, it is likely to have ended, and how is soon known.
final class ChildPeer implements ChannelPeer {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Child child;

    ChildPeer(Child child) {
        this.child = child;
    }

    @Override
    public boolean isSettled() {
        return !child.isAlive();
    }

    @Override
    public Closed ended() {
        Exit exit = exit();
        return exit == null ? UNKNOWN.ended() : new Closed.ChildEnded(exit, lines());
    }

    @Override
    public Closed broken(IOException why) {
        Exit exit = exit();
        return exit == null ? UNKNOWN.broken(why) : new Closed.ChildEnded(exit, lines());
    }

    /// Returns how it exited, or `null` if it goes on without its end.
    private @Nullable Exit exit() {
        boolean wasInterrupted = Thread.interrupted();
        try {
            return child.waitFor(Deadline.after(PATIENCE));
        } catch (TimeoutException | IOException e) {
            return null;
        } catch (InterruptedException e) {
            wasInterrupted = true;
            return null;
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<String> lines() {
        try {
            return child.lastLines();
        } catch (IllegalStateException | IllegalArgumentException notKept) {
            return List.of();
        }
    }
}
