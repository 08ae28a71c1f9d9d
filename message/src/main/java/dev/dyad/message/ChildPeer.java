package dev.dyad.message;

import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A child: once its end is closed, it is likely to have ended, and how is soon known.
final class ChildPeer implements ChannelPeer {

    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int KILLED = 128 + Signal.KILL.number(); // a shell in between says the same of its own child

    private final Child child;
    private final OutOfMemoryKills kills;
    private final long killsBefore;
    private volatile boolean isWithoutEnd; // it has closed its end, and went on for the patience

    ChildPeer(Child child) {
        this.child = child;
        kills = OutOfMemoryKills.inGroupOf(child.pid());
        killsBefore = kills.count();
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public boolean isSettled() {
        return isWithoutEnd || !child.isAlive();
    }

    @Override
    public void settle() {
        isWithoutEnd = exit() == null;
    }

    @Override
    public Closed ended() {
        Exit exit = exit();
        return exit == null ? UNKNOWN.ended() : event(exit);
    }

    @Override
    public Closed broken(IOException why) {
        Exit exit = exit();
        return exit == null ? UNKNOWN.broken(why) : event(exit);
    }

    private Closed event(Exit exit) {
        boolean outOfMemory = exit.shellCode() == KILLED && kills.count() > killsBefore;
        return new Closed.ChildEnded(exit, outOfMemory, lines());
    }

    /// Returns how it exited, or `null` if it goes on without its end.
    private @Nullable Exit exit() {
        boolean wasInterrupted = Thread.interrupted();
        try {
            return child.waitFor(Deadline.after(isWithoutEnd ? Duration.ZERO : PATIENCE));
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
