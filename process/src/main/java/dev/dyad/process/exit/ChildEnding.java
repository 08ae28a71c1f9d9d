package dev.dyad.process.exit;

import dev.dyad.process.Signal;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;

/// What brings a child to its end: all of it in the time that it has for that, or one step.
///
/// It keeps nothing: each caller that ends a child makes one. Any thread may use it.
public final class ChildEnding {

    private final ChildLifecycle life;
    private final ChildProcess process;
    private final ChildEnds ends;
    private final StopTimeouts timeouts;

    ChildEnding(ChildLifecycle life, ChildProcess process, ChildEnds ends, StopTimeouts timeouts) {
        this.life = life;
        this.process = process;
        this.ends = ends;
        this.timeouts = timeouts;
    }

    /// Ends the child in the time that it has for that.
    void inTime() throws IOException {
        ask();
        if (!life.endsBy(term()) && (!terminate() || !life.endsBy(Deadline.after(timeouts.untilKill())))) {
            kill();
            awaitGone(Deadline.never());
        }
    }

    /// Ends a child at once, which is not to go on as it was started.
    public void now() throws IOException {
        AtExit.remove(life);
        kill();
        awaitGone(Deadline.never());
        life.awaitClosed();
    }

    /// Returns when a child that is asked now gets SIGTERM.
    Deadline term() {
        return Deadline.after(timeouts.untilTerm());
    }

    /// Returns when a child that is asked now gets SIGKILL.
    Deadline killed() {
        return Deadline.after(timeouts.inAll());
    }

    /// Ends what we write to, and has what is left of the group ended with the child.
    public void ask() throws IOException {
        life.endGroupWithLeader();
        if (life.isAlive()) {
            ends.endOutput();
        }
    }

    /// Sends SIGTERM, but for a thread that is interrupted.
    boolean terminate() throws IOException {
        return !Thread.currentThread().isInterrupted() && process.signal(Signal.TERM, life.leadsGroup());
    }

    public void kill() throws IOException {
        boolean _ = process.signal(Signal.KILL, life.leadsGroup());
    }

    /// Waits for what is certain to come after SIGKILL, whether interrupted or not; but not for a tracer that
    /// keeps the exit from being taken, which the reaper does later.
    void awaitGone(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        long left = deadline.remainingNanos();
        while (!life.endsBy(Deadline.after(Duration.ofNanos(Math.min(left, ChildLifecycle.HELD.toNanos()))))
                && !life.isAskedFor()
                && left > 0) {
            interrupted |= Thread.interrupted();
            left = deadline.remainingNanos();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
