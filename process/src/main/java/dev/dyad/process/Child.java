package dev.dyad.process;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MovableDeadline;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.BlockingCalls;
import dev.dyad.socket.thread.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A child process, and the end by which one talks to it.
///
/// Any thread may use it. Whoever spawned it closes it; a child that ends by itself is reaped at once,
/// whether anybody waits for it or not.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="child"}
public final class Child implements Closeable {

    /// After so long a dead child is held by another process.
    private static final Duration HELD = Duration.ofSeconds(1);

    /// So long one waits at a time for a deadline that may be moved.
    private static final Duration GLANCE = Duration.ofMillis(10);

    /// Not the common pool, whose threads may all be waiting for this; and without a limit, which those that block
    /// would reach.
    private static final BlockingCalls EXITS = new BlockingCalls("dyad-exits", Integer.MAX_VALUE);

    private final Pid pid;
    private final Reaper reaper;
    private final ChildEnds ends;
    private final @Nullable StreamSocket socket;
    private final boolean leadsGroup;
    private final CommandLine line;
    private final Patience patience;
    private final CompletableFuture<Exit> ended = new CompletableFuture<>();
    private volatile @Nullable ResourceUsage usage; // set before it has ended
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicReference<Taker> taker = new AtomicReference<>(Taker.REAPER);

    /// Who takes the exit when the child has ended.
    private enum Taker {
        /// The reaper, which is told in any case.
        REAPER,
        /// A thread that waits for the end, and saves itself the way through the reaper's.
        WAITER,
        /// That thread, although it may want to wait no longer: the reaper has been told.
        WAITER_FOR_SURE,
        /// Nobody any more.
        NOBODY,
        /// The reaper, which asks now and then: nothing tells it when the exit can be had.
        ASKER
    }

    private Child(Pid pid, ChildEnds ends, Command command, CommandLine line, Reaper reaper) {
        this.pid = pid;
        this.reaper = reaper;
        this.ends = ends;
        socket = ends.socket();
        leadsGroup = command.leadsProcessGroup();
        this.line = line;
        patience = command.patience();
    }

    /// Starts a child, having made everything beforehand that can fail: once its program runs, it is owned.
    ///
    /// @param line what it runs, for messages
    /// @param ends what is closed with it, or by the caller where this fails
    /// @param endsByUs whether it is ended when this JVM ends
    /// @param spawn what returns the pid, or throws before anything has run
    static Child start(
            Command command, CommandLine line, ChildEnds ends, Reaper reaper, boolean endsByUs, Spawning spawn)
            throws IOException {
        var child = new Child(Pid.reserve(), ends, command, line, reaper);
        reaper.keep();
        boolean started = false;
        try {
            if (endsByUs) {
                AtExit.add(child);
            }
            child.pid.start(spawn);
            started = true;
        } finally {
            if (!started) {
                child.abandon();
            }
        }
        boolean limited = false;
        try {
            if (!command.limitsItself()) {
                command.limits().apply(child.pid.number());
            }
            limited = true;
        } finally {
            child.watch();
            if (!limited) {
                child.endNow();
            }
        }
        return child;
    }

    private void abandon() {
        AtExit.remove(this);
        pid.abandon();
        reaper.release();
        ended.completeExceptionally(new IllegalStateException("never started"));
        started.countDown();
    }

    /// Has the reaper wait for the end, or ask for it where it cannot.
    private void watch() {
        try {
            if (pid.isWatchable()) {
                long _ = reaper.watch(new AtEnd());
                return;
            }
        } catch (IOException | RuntimeException | Error _) {
            // which is no reason to lose a child that runs
        } finally {
            started.countDown();
        }
        taker.set(Taker.ASKER);
        pid.told();
        reaper.askLater(new Again());
    }

    /// What the reaper does when the child has ended.
    private final class AtEnd implements EventLoop.Watcher {

        @Override
        public int fd() {
            return pid.fd();
        }

        @Override
        public void ready() {
            Child.this.ready();
        }

        @Override
        public void failed(Throwable why) {
            Child.this.failed(why);
        }
    }

    /// What the reaper does where nothing tells it of the end.
    private final class Again implements EventLoop.Watcher {

        @Override
        public int fd() {
            return pid.fd();
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
            Child.this.failed(why);
        }
    }

    /// Returns our end; the child has the other.
    ///
    /// Its reads find the end of the stream when the child has ended or closed its end, and its writes fail
    /// with `EPIPE`; where the child ended without having read everything, the first of either fails with
    /// `ECONNRESET`.
    ///
    /// Where the child has ended, and a process that it started still has its end, a call that would wait
    /// throws [ChildEndedException] a second later, after what had come was read. To talk with such a
    /// process beyond the child's life, give it an end of your own pair by [Command#with]. A
    /// [java.nio.channels.SocketChannel] that this end was turned into, and a selector, are not told.
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

    /// Returns our end of a pair that the child was given by [Stdio#pair].
    ///
    /// @param number the number of the child's end there
    /// @return the end, which [#close] closes
    /// @throws IllegalStateException if it was given no such one
    public StreamSocket pair(int number) {
        return ends.pair(number);
    }

    /// Returns our end of a pipe that the child was given by [Stdio#pipe] or [Stdio#pipeToChild].
    ///
    /// @param number the number of the child's end there
    /// @return the end, which [#close] closes
    /// @throws IllegalStateException if it was given no such one
    public PipeEnd pipe(int number) {
        return ends.pipe(number);
    }

    /// Returns what the child reads as its standard input, where that is a [pipe][Stdio#pipe].
    ///
    /// The child finds the end of it when this is closed.
    ///
    /// @return our end, which [#close] closes
    /// @throws IllegalStateException if it is not
    public PipeEnd stdin() {
        return pipe(0);
    }

    /// Returns what the child writes to its standard output, where that is a [pipe][Stdio#pipe].
    ///
    /// What nobody reads stops the child when it fills the pipe, 64 KiB as a rule.
    ///
    /// @return our end, which [#close] closes
    /// @throws IllegalStateException if it is not
    public PipeEnd stdout() {
        return pipe(1);
    }

    /// Returns what the child writes to its standard error, where that is a [pipe][Stdio#pipe].
    ///
    /// @return our end, which [#close] closes
    /// @throws IllegalStateException if it is not
    public PipeEnd stderr() {
        return pipe(2);
    }

    /// Returns the last lines that the child has written to its standard error, where they are
    /// [kept][Stdio#lastLines].
    ///
    /// @return the lines, as of [#lastLines(int)]
    /// @throws IllegalStateException if they are not
    public List<String> lastLines() {
        return lastLines(2);
    }

    /// Returns the last lines that the child has written to a descriptor, where they are
    /// [kept][Stdio#lastLines].
    ///
    /// Once the exit is known, everything is there that the child wrote. What processes that it left behind
    /// write is added for as long as this is not closed. The text is taken to be UTF-8; of a line that is
    /// longer than 64 KiB there is the end.
    ///
    /// @param number the number of the descriptor in the child
    /// @return the lines, the oldest first, without their ends
    /// @throws IllegalStateException if they are not
    public List<String> lastLines(int number) {
        return ends.lines(number);
    }

    /// Returns the last lines of its standard error, or none where they are not kept.
    List<String> errorLines() {
        return ends.linesIfKept(2);
    }

    /// Returns all that the child has written to a descriptor, where that is kept.
    byte[] bytes(int number) throws IOException {
        return ends.bytes(number);
    }

    /// Returns the process id, which is another's some time after the child has ended: see [#signal].
    ///
    /// @return the pid
    public long pid() {
        return pid.number();
    }

    /// Returns a descriptor of the process, which becomes readable when it ends, for another event loop or
    /// process.
    ///
    /// @return a `pidfd` of the caller's own, to be closed
    /// @throws SystemCallException if the child has ended (`pidfd_open`, `ESRCH`), or no descriptor is left
    /// @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
    public Descriptor pidfd() throws IOException {
        return pid.descriptor();
    }

    /// Returns what the JDK knows of the process, by way of `/proc`.
    ///
    /// A wait by it takes nothing from this child's exit.
    ///
    /// @return the handle, or nothing once the child has ended; nothing while it lives as well, where there is no
    ///     `/proc`, or one that hides the processes of other users and the child is one. [#isAlive] knows
    public Optional<ProcessHandle> handle() {
        return pid.handle();
    }

    /// Returns whether the child has not ended yet.
    ///
    /// @return `false` once its exit is known
    public boolean isAlive() {
        return !ended.isDone();
    }

    /// Returns what will be known when the child has ended, and its [lines][Stdio#lines] are delivered.
    ///
    /// It does not wait, and the child goes on whatever becomes of the future: to cancel or complete that is of no
    /// effect for anybody else, and ends no child. What depends on it runs on threads of Dyad's, which it may
    /// block: each that does has one for itself, of which there are as many as the system has. `join` and `get`
    /// may be called by any thread.
    ///
    /// Where the exit is not known, the future fails with an [java.io.IOException], such as
    /// [SystemCallException] for `wait4: No child processes (ECHILD)` if somebody else took it; where a line
    /// was not delivered, with what prevented that.
    ///
    /// @return a new future at each call
    public CompletableFuture<Exit> onExit() {
        return ended.thenCombineAsync(ends.delivered(), (exit, _) -> exit, EXITS);
    }

    /// Waits until the child has ended.
    ///
    /// It does not read what the child writes: a child that waits for us to read does not end. One that is
    /// traced by a debugger has ended when the debugger has seen it. Where [lines][Stdio#lines] are delivered, it
    /// also waits for each callback to return from the last one, unless one of this child's callbacks calls it:
    /// that would wait for itself, or for another one that does the same.
    ///
    /// @return how it ended
    /// @throws InterruptedException if this thread is interrupted meanwhile
    /// @throws SystemCallException if somebody else took its exit (`wait4`, `ECHILD`), or a filter of system
    ///     calls refuses it to us (`EPERM`)
    /// @throws IOException if lines of it could not be read or delivered, for which this process had no memory or
    ///     no thread
    public Exit waitFor() throws InterruptedException, IOException {
        Exit exit = waitForEnd();
        try {
            ends.deliveredOrCalledHere().get();
            return exit;
        } catch (ExecutionException e) {
            throw undelivered(e);
        }
    }

    /// Waits until the child has ended, and not for its lines to be delivered.
    Exit waitForEnd() throws InterruptedException, IOException {
        takeAtEnd(Deadline.never());
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /// Waits until the child has ended or `deadline` has come.
    ///
    /// @param deadline until when to wait
    /// @return how it ended; at the deadline, although [lines][Stdio#lines] of it may not be delivered yet
    /// @throws TimeoutException if it is still alive then, and goes on: the message says what it runs, and how long
    ///     this has waited
    /// @throws InterruptedException if this thread is interrupted meanwhile
    /// @throws SystemCallException as [#waitFor()]
    /// @throws IOException as [#waitFor()]
    public Exit waitFor(Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        long begun = System.nanoTime();
        takeAtEnd(deadline);
        Exit exit;
        try {
            exit = await(ended, deadline);
        } catch (TimeoutException late) {
            throw goesOn(begun, late);
        } catch (ExecutionException e) {
            throw failure(e);
        }
        try {
            await(ends.deliveredOrCalledHere(), deadline);
        } catch (TimeoutException late) {
            // the callbacks go on
        } catch (ExecutionException e) {
            throw undelivered(e);
        }
        return exit;
    }

    private TimeoutException goesOn(long begun, TimeoutException cause) {
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        var late = new TimeoutException(
                line + " (process " + pid() + ") has not ended after " + millis + " ms, and goes on");
        late.initCause(cause);
        return late;
    }

    /// Waits in pieces for a deadline that may be moved meanwhile.
    private static <T extends @Nullable Object> T await(CompletableFuture<T> future, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        long piece = deadline instanceof MovableDeadline ? GLANCE.toNanos() : Long.MAX_VALUE;
        while (true) {
            try {
                return future.get(Math.min(deadline.remainingNanos(), piece), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (deadline.hasPassed()) {
                    throw late;
                }
            }
        }
    }

    /// Returns what the child used until it ended.
    ///
    /// @return what the kernel counted
    /// @throws IllegalStateException if it has not ended, or its exit could not be had
    public ResourceUsage usage() {
        ResourceUsage used = usage;
        if (used == null) {
            throw new IllegalStateException("what this child used is not known" + (isAlive() ? " yet" : ""));
        }
        return used;
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

    /// Says which process it is, what program it was started with and how it has ended, for messages to people.
    ///
    /// The arguments are left out: one of them may be a password.
    @Override
    public String toString() {
        String state = isAlive()
                ? "alive"
                : ended.state() == Future.State.SUCCESS ? ended.resultNow().toString() : "ended";
        return "Child[" + pid() + ", " + line.program() + ", " + state + "]";
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

    /// Ends the child, if it has not ended, and closes our ends.
    ///
    /// First what we write to is ended, which a child that reads takes for the end; 2 seconds later, or
    /// [when it was said][Command#patience], it gets SIGTERM, and 2 seconds after that SIGKILL. An interrupt
    /// shortens that to SIGKILL, and stays set. When this returns, the child has been reaped, or is dead and
    /// held by a debugger that traces it: then it is reaped when that lets it go. For the delivery of its last
    /// [lines][Stdio#lines] it waits a second at most.
    ///
    /// Where the child leads a group, the signals go to all of it, and what is left of it when the child
    /// ends gets SIGTERM. What it left behind before this was called, and what left the group, goes on.
    ///
    /// @throws SystemCallException if a signal may not be sent, as to a program that changed its user
    @Override
    public void close() throws IOException {
        try (ends) {
            askToEnd();
            if (!endsBy(Deadline.after(patience.untilTerm()))
                    && (!terminate() || !endsBy(Deadline.after(patience.untilKill())))) {
                kill();
                awaitEnd();
            }
            awaitClosed();
        }
        boolean _ = isDoneBy(ends.deliveredOrCalledHere(), Deadline.after(HELD));
    }

    /// Returns when the descriptor is closed, unless a debugger holds the process.
    private void awaitClosed() {
        if (!isAlive()) {
            pid.awaitClosed();
        }
    }

    /// Ends a child at once, which is not to go on as it was started.
    void endNow() throws IOException {
        AtExit.remove(this);
        kill();
        awaitEnd();
        awaitClosed();
    }

    /// Returns how many threads wait for the end in the place of the reaper, which is for tests.
    int waiters() {
        Descriptor pidfd = pid.pidfd();
        return pidfd == null ? 0 : pidfd.waiters();
    }

    /// Runs something that does not wait, when the child has ended.
    void whenEnded(Runnable action) {
        var _ = ended.whenComplete((exit, failure) -> action.run());
    }

    boolean leadsGroup() {
        return leadsGroup;
    }

    /// Spawns what joins the group that this child leads, while the number is its own for sure.
    int spawnIntoGroup(Spawning spawn) throws IOException {
        return pid.whileItsOwn(spawn);
    }

    Patience patience() {
        return patience;
    }

    /// Ends what we write to, and has what is left of the group ended with the child.
    void askToEnd() throws IOException {
        if (leadsGroup) {
            pid.endGroupWithLeader();
        }
        if (isAlive()) {
            ends.endOutput();
        }
    }

    /// Sends SIGTERM, but for a thread that is interrupted.
    boolean terminate() throws IOException {
        return !Thread.currentThread().isInterrupted() && pid.signal(Signal.TERM, leadsGroup);
    }

    void kill() throws IOException {
        boolean _ = pid.signal(Signal.KILL, leadsGroup);
    }

    /// Waits a little, and not at all in a thread that is interrupted.
    boolean endsBy(Deadline deadline) {
        return isDoneBy(ended, deadline);
    }

    private static boolean isDoneBy(CompletableFuture<?> future, Deadline deadline) {
        try {
            future.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return future.isDone();
        } catch (ExecutionException e) {
            return true; // as where somebody else took its exit
        } catch (TimeoutException e) {
            return false;
        }
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

    private void awaitEnd() {
        awaitGone(Deadline.never());
    }

    /// Waits for what is certain to come after SIGKILL, whether interrupted or not; but not for a tracer that
    /// keeps the exit from being taken, which the reaper does later.
    void awaitGone(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        long left = deadline.remainingNanos();
        while (!endsBy(Deadline.after(Duration.ofNanos(Math.min(left, HELD.toNanos()))))
                && taker.get() != Taker.ASKER
                && left > 0) {
            interrupted |= Thread.interrupted();
            left = deadline.remainingNanos();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// What returns the pid of a child, or throws before anything has run.
    interface Spawning extends BlockingCalls.Call<Integer, IOException> {}

    private static IOException failure(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof SystemCallException failure
                ? new SystemCallException(
                        failure.call(),
                        failure.errno(),
                        failure.errno().equals(Errno.ECHILD)
                                ? "the exit was taken by somebody else"
                                : "how the child ended cannot be known, as the system refuses it")
                : new IOException(e.getCause());
    }

    private static IOException undelivered(ExecutionException e) {
        String what = "the child has ended, and lines of it were not delivered";
        return e.getCause() instanceof SystemCallException failure
                ? new SystemCallException(failure.call(), failure.errno(), what)
                : new IOException(what + ": " + e.getCause(), e.getCause());
    }

    /// On the reaper's thread: the child has ended.
    private void ready() {
        Taker before = taker.getAndUpdate(now -> switch (now) {
            case REAPER -> Taker.NOBODY;
            case WAITER -> Taker.WAITER_FOR_SURE;
            case WAITER_FOR_SURE, NOBODY, ASKER -> now;
        });
        pid.told();
        if (before == Taker.REAPER) {
            take();
        } else if (ended.isDone()) {
            over();
        }
    }

    /// Waits for the end, and takes the exit, unless another thread does: one wake-up less than by way of the
    /// reaper.
    ///
    /// A virtual thread would need a poller, which is one more in the place of one.
    private void takeAtEnd(Deadline deadline) throws IOException {
        Descriptor pidfd = pid.pidfd();
        if (pidfd == null || Thread.currentThread().isVirtual() || !taker.compareAndSet(Taker.REAPER, Taker.WAITER)) {
            return;
        }
        boolean over = false;
        try {
            pidfd.awaitReadable(deadline);
            over = true;
        } catch (InterruptedIOException notYet) { // or its kind that tells of the deadline
            // as the caller will find
        } finally {
            if (over || !taker.compareAndSet(Taker.WAITER, Taker.REAPER)) {
                taker.set(Taker.NOBODY);
                takeOrHandOn();
            }
        }
    }

    /// Leaves it to the reaper where this thread has no memory for all of it.
    private void takeOrHandOn() {
        try {
            take();
        } catch (Throwable noMemory) {
            reaper.askLater(new Again());
            throw noMemory;
        }
    }

    /// Takes the exit, if it can be had, or asks the reaper to try again: what has ended is not over as long
    /// as it is traced.
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
        pid.told();
        if (!ended.isDone()) {
            try {
                take(why);
                return;
            } catch (Throwable again) {
                giveUp(why);
            }
        }
        over();
    }

    private void giveUp(Throwable why) {
        if (!ended.isDone()) {
            pid.giveUp();
            ended.completeExceptionally(why);
        }
    }

    /// @param before what the attempt before has thrown, which may have taken the exit
    private void take(@Nullable Throwable before) {
        ends.drain();
        try {
            Pid.End end = pid.take();
            if (end == null) {
                taker.set(Taker.ASKER);
                reaper.askLater(new Again());
                return;
            }
            usage = end.usage();
            ended.complete(end.exit());
        } catch (SystemCallException e) {
            ended.completeExceptionally(before == null ? e : before);
        }
        over();
    }

    /// Does what is left to do when it is known how the child has ended, or that nobody will know; may be done again.
    private void over() {
        ends.endLines();
        ends.endWaiting(new Gone(ended));
        AtExit.remove(this);
        pid.closeIfOver(reaper);
    }

    /// What is told to who would wait for a child that has ended.
    ///
    /// It is with the ends for as long as they are there, and knows nothing of the child: their cleaner could not
    /// find either of them lost.
    private record Gone(CompletableFuture<Exit> ended) implements Supplier<IOException> {

        @Override
        public IOException get() {
            if (ended.state() == Future.State.SUCCESS) {
                return new ChildEndedException(ended.resultNow());
            }
            String what = "the child has ended, nobody knows how";
            return ended.exceptionNow() instanceof SystemCallException e
                    ? new SystemCallException(e.call(), e.errno(), what)
                    : new IOException(what, ended.exceptionNow());
        }
    }
}
