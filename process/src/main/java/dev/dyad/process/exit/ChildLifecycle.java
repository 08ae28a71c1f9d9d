package dev.dyad.process.exit;

import dev.dyad.process.Exit;
import dev.dyad.process.ResourceUsage;
import dev.dyad.process.jfr.ChildEndedEvent;
import dev.dyad.process.jfr.ChildStatisticsEvent;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.jfr.FlightRecording;
import dev.dyad.socket.jfr.OpenCount;
import dev.dyad.socket.jfr.ProcessStatistics;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The life of one child, from before its start until its exit is taken and what waits for it has been told.
///
/// Any thread may use it. Only the reaper takes the exit.
public final class ChildLifecycle {

    /// After so long a dead child is held by another process.
    static final Duration HELD = Duration.ofSeconds(1);

    /// No reference to the event's method: to link that would touch its class.
    private static final OpenCount RUNNING = new OpenCount(new ProcessStatistics(
            () -> ChildStatisticsEvent.class, () -> ChildStatisticsEvent.tell(ChildLifecycle.RUNNING)));

    private final String program;
    private final ChildProcess process;
    private final EventLoop loop;
    private final ChildEnds ends;
    private final boolean leadsGroup;
    private final StopTimeouts timeouts;
    private final Function<Exit, IOException> whenOver;
    private final CompletableFuture<Exit> ended = new CompletableFuture<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Runnable countEnded = RUNNING.closing();
    private final long begun = System.nanoTime();

    private final Watch watch = new Watch();

    /// Whether the reaper asks for the exit now and then, as nothing tells it when that can be had.
    private volatile boolean isAskedFor;

    /// Makes beforehand everything that can fail.
    ///
    /// @param program what it runs, for people who look on
    /// @param ends our ends of what the child is given, which are told when it has ended
    /// @param leadsGroup whether it leads a process group, which gets the signals that end it
    /// @param timeouts how long its end may take
    /// @param loop what the reaper runs, which watches it
    /// @param whenOver what is thrown to threads that wait for it to say something when it has ended;
    ///     it knows nothing of the child
    /// @throws SystemCallException if a process cannot have a descriptor here
    public ChildLifecycle(
            String program,
            ChildEnds ends,
            boolean leadsGroup,
            StopTimeouts timeouts,
            EventLoop loop,
            Function<Exit, IOException> whenOver)
            throws IOException {
        process = ChildProcess.reserve();
        this.program = program;
        this.ends = ends;
        this.leadsGroup = leadsGroup;
        this.timeouts = timeouts;
        this.loop = loop;
        this.whenOver = whenOver;
    }

    /// Starts the child, which is owned once its program runs. The caller has it [watched][#watch] then.
    ///
    /// @param endsByUs whether it is ended when this JVM ends
    /// @param spawn what returns the pid, or throws before anything has run
    public void start(boolean endsByUs, ChildProcess.Spawning spawn) throws IOException {
        loop.keep();
        boolean runs = false;
        try {
            if (endsByUs) {
                AtExit.add(this);
            }
            process.start(spawn);
            runs = true;
            RUNNING.open();
        } finally {
            if (!runs) {
                abandon();
            }
        }
    }

    private void abandon() {
        AtExit.remove(this);
        process.abandon();
        loop.release();
        ended.completeExceptionally(new IllegalStateException("never started"));
        started.countDown();
    }

    /// Has the reaper wait for the end, or ask for it where it cannot.
    public void watch() {
        try {
            if (process.hasPidfd()) {
                long _ = loop.watch(watch);
                return;
            }
        } catch (IOException | RuntimeException | Error _) {
            // which is no reason to lose a child that runs
        } finally {
            started.countDown();
        }
        askLater();
    }

    private void askLater() {
        isAskedFor = true;
        loop.askLater(watch);
    }

    /// What the reaper does when the child has ended; or, where nothing tells it of that, when it asks again.
    private final class Watch implements EventLoop.Watcher {

        @Override
        public int fd() {
            return process.pidfd();
        }

        @Override
        public void ready() {
            if (ended.isDone()) {
                over();
            } else {
                take();
            }
        }

        @Override
        public void failed(Throwable why) {
            ChildLifecycle.this.failed(why);
        }
    }

    /// Returns the process, by its number.
    public ChildProcess process() {
        return process;
    }

    /// Returns whether it leads a process group.
    public boolean leadsGroup() {
        return leadsGroup;
    }

    /// Returns whether its exit is not known yet.
    public boolean isAlive() {
        return !ended.isDone();
    }

    /// Returns what is done when the exit is known, or will never be. Only this class completes it.
    public CompletableFuture<Exit> ended() {
        return ended;
    }

    /// Returns what it used until it ended, or `null` where that is not known.
    public @Nullable ResourceUsage usage() {
        return process.usage();
    }

    /// Waits for the end, and for the lines that are delivered.
    public Exit waitFor() throws InterruptedException, IOException {
        Exit exit = waitForEnd();
        if (ends.delivers()) {
            try {
                ends.deliveredOrCalledHere().get();
            } catch (ExecutionException e) {
                throw ExitFailures.undelivered(e);
            }
        }
        return exit;
    }

    /// Waits for the end, and not for lines to be delivered.
    public Exit waitForEnd() throws InterruptedException, IOException {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw ExitFailures.unknown(e);
        }
    }

    /// Waits for the end and for the lines that are delivered, until the deadline.
    ///
    /// @throws TimeoutException if it has not ended by then
    public Exit waitFor(Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        Exit exit;
        try {
            exit = DeadlineWaits.get(ended, deadline);
        } catch (ExecutionException e) {
            throw ExitFailures.unknown(e);
        }
        try {
            DeadlineWaits.get(ends.deliveredOrCalledHere(), deadline);
        } catch (TimeoutException late) {
            // the callbacks go on
        } catch (ExecutionException e) {
            throw ExitFailures.undelivered(e);
        }
        return exit;
    }

    /// Ends the child in the time that it has for that, and closes our ends.
    public void close() throws IOException {
        try (ends) {
            if (!ended.isDone()) {
                ending().inTime();
            }
            awaitClosed();
        }
        if (ends.delivers()) {
            boolean _ = DeadlineWaits.isDoneBy(ends.deliveredOrCalledHere(), Deadline.after(HELD));
        }
    }

    /// Returns when the descriptor is closed, unless a debugger holds the process.
    void awaitClosed() {
        if (ended.isDone()) {
            process.awaitClosed();
        }
    }

    /// Returns what ends it.
    public ChildEnding ending() {
        return new ChildEnding(this, process, ends, timeouts);
    }

    /// Has what is left of its group, if it leads one, end with it.
    public void endGroupWithLeader() {
        if (leadsGroup) {
            process.endGroupWithLeader();
        }
    }

    /// Waits a little, and not at all in a thread that is interrupted.
    public boolean endsBy(Deadline deadline) {
        return DeadlineWaits.isDoneBy(ended, deadline);
    }

    /// Returns whether nothing tells when its exit can be had, as where a tracer holds it: the reaper asks for it now
    /// and then.
    boolean isAskedFor() {
        return isAskedFor;
    }

    /// Waits until it has been started or never will be, but not for ever.
    boolean isStartedBy(Deadline deadline) {
        try {
            return started.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return started.getCount() == 0;
        }
    }

    /// Takes the exit, if it can be had, or asks for it again later: what has ended is not over as long as it is
    /// traced.
    private void take() {
        try {
            take(null);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    /// Goes on after something else than a system call has failed, as where there is no memory: tries once
    /// more, and tells what was thrown where that is to no avail.
    private void failed(Throwable why) {
        if (ended.isDone()) {
            over();
            return;
        }
        try {
            take(why);
        } catch (Throwable again) {
            process.giveUp(why);
            tell(why);
        }
    }

    /// @param before what the attempt before has thrown, which may have taken the exit
    private void take(@Nullable Throwable before) {
        ends.drain();
        if (!process.take()) {
            askLater();
            return;
        }
        if (isAskedFor) {
            ends.drain(); // once more: it may have written after the first time, and ended before it was asked
        }
        tell(before);
    }

    /// Tells how it has ended, or why nobody will know.
    private void tell(@Nullable Throwable before) {
        Exit exit = process.exit();
        boolean isFirst = exit != null
                ? ended.complete(exit)
                : ended.completeExceptionally(before == null ? process.whyUnknown() : before);
        if (isFirst) {
            countEnded.run();
            if (exit != null && FlightRecording.hasBegun()) {
                record(exit);
            }
        }
        over();
    }

    private void record(Exit exit) {
        try {
            var lifetime = Duration.ofNanos(System.nanoTime() - begun);
            ChildEndedEvent.tell(process.number(), program, exit, lifetime, process.usage());
        } catch (Throwable _) {
            // as without memory: nothing is to depend on what watches it
        }
    }

    /// Does what is left to do when it is known how the child has ended, or that nobody will know; may be done again.
    private void over() {
        ends.endLines();
        ends.endWaiting(new Gone(ended, whenOver));
        AtExit.remove(this);
        process.close(loop);
    }

    /// What is told to a thread that would wait for a child that has ended.
    ///
    /// It is with the ends for as long as they are there, and knows nothing of the child: their cleaner could not
    /// find either of them lost.
    private record Gone(CompletableFuture<Exit> ended, Function<Exit, IOException> whenOver)
            implements Supplier<IOException> {

        @Override
        public IOException get() {
            return ExitFailures.gone(ended, whenOver);
        }
    }
}
