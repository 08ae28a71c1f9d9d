package dev.dyad.process;

import dev.dyad.posix.CallState;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A child process, and the end by which one talks to it.
///
/// Any thread may use it. Whoever spawned it closes it; a child that ends by itself is reaped at once, whether
/// anybody waits for it or not.
public final class Child implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pid pid;
    private final @Nullable StreamSocket socket;
    private final boolean leadsGroup;
    private final CompletableFuture<Exit> ended = new CompletableFuture<>();

    private Child(Pid pid, @Nullable StreamSocket socket, boolean leadsGroup) {
        this.pid = pid;
        this.socket = socket;
        this.leadsGroup = leadsGroup;
    }

    static Child of(int pid, @Nullable StreamSocket socket, boolean leadsGroup, Reaper reaper) throws IOException {
        var child = new Child(Pid.of(pid), socket, leadsGroup);
        try (var arena = Arena.ofConfined()) {
            reaper.watch(new CallState(arena), child.pid.pidfd(), () -> child.take(reaper));
            return child;
        } catch (IOException e) {
            child.pid.end();
            throw e;
        }
    }

    /// Returns our end; the child has the other.
    ///
    /// Its reads find the end of the stream when the child has ended or closed its end, and nobody whom the child
    /// gave it to has it either.
    ///
    /// @return the end, which [#close] closes
    /// @throws IllegalStateException if the child was started [without one][Command#withoutSocket]
    public StreamSocket socket() {
        StreamSocket end = socket;
        if (end == null) {
            throw new IllegalStateException("this child was started without a socket");
        }
        return end;
    }

    /// Returns the process id, which is another's some time after the child has ended: see [#signal].
    ///
    /// @return the pid
    public long pid() {
        return pid.number();
    }

    /// Returns whether the child has not ended yet.
    ///
    /// @return `false` once its exit is known
    public boolean isAlive() {
        return !ended.isDone();
    }

    /// Returns what will be known when the child has ended.
    ///
    /// @return a future of its own, whose dependents run on the common pool
    public CompletableFuture<Exit> onExit() {
        return ended.thenApplyAsync(exit -> exit);
    }

    /// Waits until the child has ended.
    ///
    /// It does not read what the child writes: a child that waits for us to read does not end.
    ///
    /// @return how it ended
    /// @throws InterruptedException if this thread is interrupted meanwhile
    /// @throws SystemCallException if somebody else took its exit (`waitid`, `ECHILD`)
    public Exit waitFor() throws InterruptedException, IOException {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /// Waits until the child has ended or `deadline` has come.
    ///
    /// @param deadline until when to wait
    /// @return how it ended
    /// @throws TimeoutException if it is still alive then
    /// @throws InterruptedException if this thread is interrupted meanwhile
    /// @throws SystemCallException as [#waitFor()]
    public Exit waitFor(Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        try {
            return ended.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /// Sends a signal to the child, and to nobody else: not to a process that got its number later.
    ///
    /// @param signal which one
    /// @return `false` if the child has ended
    /// @throws SystemCallException if it may not be sent
    /// @see <a href="https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html">pidfd_send_signal(2)</a>
    public boolean signal(Signal signal) throws IOException {
        return pid.signal(signal, false);
    }

    /// Sends a signal to every process of the group that the child leads.
    ///
    /// @param signal which one
    /// @return `false` if the child has ended
    /// @throws IllegalStateException if it does not [lead one][Command#processGroup]
    /// @throws SystemCallException if it may not be sent
    public boolean signalGroup(Signal signal) throws IOException {
        if (!leadsGroup) {
            throw new IllegalStateException("this child does not lead a process group");
        }
        return pid.signal(signal, true);
    }

    /// Ends the child, if it has not ended, and closes our end.
    ///
    /// First our end is shut down for writing, which a child that reads takes for the end; 2 seconds later it
    /// gets SIGTERM, and 2 seconds after that SIGKILL. An interrupt shortens that to SIGKILL, and stays set. When
    /// this returns, the child has been reaped.
    @Override
    public void close() throws IOException {
        try (StreamSocket end = socket) {
            if (end != null && isAlive()) {
                halfClose(end);
            }
            if (!endsInTime() && (!terminate() || !endsInTime())) {
                boolean _ = pid.signal(Signal.KILL, leadsGroup);
                awaitEnd();
            }
        }
    }

    private static void halfClose(StreamSocket end) throws IOException {
        try {
            end.shutdownOutput();
        } catch (ClosedChannelException closedMeanwhile) {
            // By another thread, perhaps in here: the child has been told.
        }
    }

    private boolean terminate() throws IOException {
        return !Thread.currentThread().isInterrupted() && pid.signal(Signal.TERM, leadsGroup);
    }

    /// Waits a little, and not at all in a thread that is interrupted.
    private boolean endsInTime() {
        try {
            ended.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended.isDone();
        } catch (ExecutionException e) {
            return true; // somebody else took its exit
        } catch (TimeoutException e) {
            return false;
        }
    }

    /// Waits for what is certain to come, whether interrupted or not.
    private void awaitEnd() {
        ended.handle((exit, failure) -> true).join();
    }

    private static IOException failure(ExecutionException e) {
        return e.getCause() instanceof SystemCallException failure
                ? new SystemCallException(failure.call(), failure.errno(), "the exit was taken by somebody else")
                : new IOException(e.getCause());
    }

    private void take(Reaper reaper) {
        try {
            ended.complete(pid.take(reaper));
        } catch (IOException e) {
            ended.completeExceptionally(e);
        }
    }
}
