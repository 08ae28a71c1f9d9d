package dev.dyad.process;

import dev.dyad.process.exit.ChildLifecycle;
import dev.dyad.process.exit.ChildProcess;
import dev.dyad.process.stream.ChildEnds;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.BlockingCalls;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A child process, and the end by which one talks to it.
///
/// Any thread may use it. The caller that spawned it closes it; a child that ends by itself is reaped
/// at once, whether anybody waits for it or not.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="child"}
public final class Child implements Closeable {

    /// Not the common pool, whose threads may all be waiting for this; and without a limit, which those that block
    /// would reach.
    private static final BlockingCalls EXITS = new BlockingCalls("dyad-exits", Integer.MAX_VALUE);

    private final ChildLifecycle life;
    private final ChildEnds ends;
    private final @Nullable StreamSocket socket;
    private final List<String> words;

    /// @param ends what is closed with it
    /// @param words what it runs, for messages
    Child(ChildLifecycle life, ChildEnds ends, List<String> words) {
        this.life = life;
        this.ends = ends;
        socket = ends.socket();
        this.words = words;
    }

    /// Returns whether it was started with a socket, as it is unless that was [declined][Command#withoutSocket].
    ///
    /// @return whether [#socket] has one
    public boolean hasSocket() {
        return socket != null;
    }

    /// Returns our end; the child has the other.
    ///
    /// Its reads find the end of the stream when the child has ended or closed its end, and its writes fail
    /// with `EPIPE`; where the child ended without having read everything, the first of either fails with
    /// `ECONNRESET`.
    ///
    /// Where the child has ended, and a process that it started still has its end, a call that would wait
    /// throws [ChildEndedException] a second later, after what had come was read. To talk with such a
    /// process beyond the child's life, give it an end of your own pair by [Command#with]. This does not
    /// hold for a [java.nio.channels.SocketChannel] that this end was turned into, nor for a selector.
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

    /// Returns the process id, which may be another process's some time after the child has ended: see
    /// [#signal].
    ///
    /// @return the pid
    public long pid() {
        return life.process().number();
    }

    /// Returns a descriptor of the process, which becomes readable when it ends, for another event loop or
    /// process.
    ///
    /// @return a `pidfd` of the caller's own, to be closed
    /// @throws SystemCallException if the child has ended (`pidfd_open`, `ESRCH`), or no descriptor is left
    /// @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
    public Descriptor pidfd() throws IOException {
        return life.process().descriptor();
    }

    /// Returns what the JDK knows of the process, by way of `/proc`.
    ///
    /// Waiting by the handle does not take the exit from this child.
    ///
    /// @return the handle, or nothing once the child has ended. Also nothing while it lives where there is no
    ///     `/proc`, or where `/proc` hides the processes of other users and the child is one of these;
    ///     [#isAlive] knows even then
    public Optional<ProcessHandle> handle() {
        return life.process().handle();
    }

    /// Returns whether the child has not ended yet.
    ///
    /// @return `false` once its exit is known
    public boolean isAlive() {
        return life.isAlive();
    }

    /// Returns what will be known when the child has ended, and its [lines][Stdio#lines] are delivered.
    ///
    /// This does not wait. Cancelling or completing the future affects nobody else, and does not end the child.
    /// Actions that depend on it run on threads of Dyad's, and may block: each that does has a thread for
    /// itself, and there are as many as the system allows. `join` and `get` may be called by any thread.
    ///
    /// Where the exit is not known, the future fails with an [java.io.IOException], such as
    /// [SystemCallException] for `wait4: No child processes (ECHILD)` if somebody else took it; where a line
    /// was not delivered, with what prevented that.
    ///
    /// @return a new future at each call
    public CompletableFuture<Exit> onExit() {
        return life.ended()
                .thenCombine(ends.delivered(), (exit, _) -> exit)
                .whenCompleteAsync((_, _) -> {}, EXITS); // also what fails, which a combination completes here
    }

    /// Waits until the child has ended.
    ///
    /// It does not read what the child writes: a child that waits for us to read does not end. One that is
    /// traced by a debugger has ended when the debugger has seen it. Where [lines][Stdio#lines] are delivered,
    /// it also waits until each callback has returned from its last line, unless one of this child's callbacks
    /// calls it: that would wait for itself, or for another one that does the same.
    ///
    /// @return how it ended
    /// @throws InterruptedException if this thread is interrupted meanwhile
    /// @throws SystemCallException if somebody else took its exit (`wait4`, `ECHILD`), or a filter of system
    ///     calls refuses it to us (`EPERM`)
    /// @throws IOException if lines of it could not be read or delivered, for which this process had no memory or
    ///     no thread
    public Exit waitFor() throws InterruptedException, IOException {
        return life.waitFor();
    }

    /// Waits until the child has ended, and not for its lines to be delivered.
    Exit waitForEnd() throws InterruptedException, IOException {
        return life.waitForEnd();
    }

    /// Waits until the child has ended or `deadline` has come.
    ///
    /// @param deadline until when to wait
    /// @return how it ended; at the deadline, although [lines][Stdio#lines] of it may not be delivered yet
    /// @throws TimeoutException if it is [alive][#isAlive] still, and goes on: the message says what it runs, and
    ///     how long this has waited
    /// @throws InterruptedException if this thread is interrupted meanwhile
    /// @throws SystemCallException as [#waitFor()]
    /// @throws IOException as [#waitFor()]
    public Exit waitFor(Deadline deadline) throws InterruptedException, TimeoutException, IOException {
        long begun = System.nanoTime();
        try {
            return life.waitFor(deadline);
        } catch (TimeoutException late) {
            throw goesOn(begun, late);
        }
    }

    private TimeoutException goesOn(long begun, TimeoutException cause) {
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        var late = new TimeoutException(
                words.getFirst() + " (process " + pid() + ") has not ended after " + millis + " ms, and goes on");
        late.initCause(cause);
        return late;
    }

    /// Returns what the child used until it ended.
    ///
    /// @return what the kernel counted
    /// @throws IllegalStateException if it has not ended, or its exit could not be had
    public ResourceUsage usage() {
        ResourceUsage used = life.usage();
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
        return life.process().signal(signal, false);
    }

    /// Says which process it is, what program it was started with and how it has ended, for messages to people.
    ///
    /// The arguments are left out: one of them may be a password.
    @Override
    public String toString() {
        String state = isAlive()
                ? "alive"
                : life.ended().state() == Future.State.SUCCESS
                        ? life.ended().resultNow().toString()
                        : "ended";
        // Only the program: among the arguments there may be a password, which is for no log.
        return "Child[" + pid() + ", " + words.getFirst() + ", " + state + "]";
    }

    /// Sends a signal to every process of the group that the child leads.
    ///
    /// @param signal which one
    /// @return `false` if the child has ended
    /// @throws IllegalStateException if it does not [lead one][Command#processGroup]
    /// @throws SystemCallException if it may not be sent
    public boolean signalGroup(Signal signal) throws IOException {
        if (!leadsGroup()) {
            throw new IllegalStateException("this child does not lead a process group");
        }
        return life.process().signal(signal, true);
    }

    /// Ends the child, if it has not ended, and closes our ends.
    ///
    /// First our sending is ended, so that a child that reads finds the end of the stream. 2 seconds later it
    /// gets SIGTERM, and 2 seconds after that SIGKILL, unless [other times were set][Command#patience]. An
    /// interrupt makes that a SIGKILL at once, and stays set. When this returns, the child has been reaped, or
    /// is dead and held by a debugger that traces it: then it is reaped when the debugger lets it go. It waits
    /// for as long as the system keeps a killed child from ending, as in a call to a file system that is gone,
    /// or where a debugger stops it at its exit. For the delivery of its last [lines][Stdio#lines] it waits a
    /// second at most.
    ///
    /// Where the child leads a group, the signals go to all of it, and what is left of it when the child
    /// ends gets SIGTERM. A process that left the group goes on. So does one that was left behind by a
    /// child that had ended before this was called, unless
    /// [the group was to end with the child][Command#endGroupWithChild].
    ///
    /// @throws SystemCallException if a signal may not be sent, as to a program that changed its user
    @Override
    public void close() throws IOException {
        life.close();
    }

    /// Ends at once a child that is not to go on as it was started.
    void endNow() throws IOException {
        life.ending().now();
    }

    /// Ends our sending, and has what is left of the group ended with the child; for tests.
    void askToEnd() throws IOException {
        life.ending().ask();
    }

    void kill() throws IOException {
        life.ending().kill();
    }

    /// Waits a little, and not at all in a thread that is interrupted.
    boolean endsBy(Deadline deadline) {
        return life.endsBy(deadline);
    }

    /// Runs something that does not wait, when the child has ended.
    void whenEnded(Runnable action) {
        var _ = life.ended().whenComplete((exit, failure) -> action.run());
    }

    boolean leadsGroup() {
        return life.leadsGroup();
    }

    /// Spawns what joins the group that this child leads, while the number is its own for sure.
    int spawnIntoGroup(ChildProcess.Spawning spawn) throws IOException {
        return life.process().whileItsOwn(spawn);
    }
}
