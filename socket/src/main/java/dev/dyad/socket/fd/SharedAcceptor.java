package dev.dyad.socket.fd;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.PollFd;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.LibraryThreads;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.LatchWaiter;
import dev.dyad.socket.waiting.SignalledCall;
import dev.dyad.socket.waiting.WakeSignal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The backlog of a descriptor that blocks, and that other processes may share.
///
/// They would see `O_NONBLOCK`, so it is not set. A process that is faster then makes our `accept` block
/// although a connection was there when we looked. So a thread of its own makes that call, as soon as there is
/// something to accept; a thread that waits for it can leave, and ends that call by a signal. What it accepted
/// just then is kept for the next call.
public final class SharedAcceptor implements Acceptor {

    private static final Platform OS = Platforms.current();
    private static final int EAGAIN = Errno.EAGAIN.code();
    private static final int EINTR = Errno.EINTR.code();

    /// How long a call that does not wait gives the thread, which takes a tenth of a millisecond.
    private static final Duration MOMENT = Duration.ofMillis(10);

    /// How long where there is something to accept and the thread has not got a processor yet.
    private static final Duration LONGEST = Duration.ofNanos(BoundedWait.MOMENT);

    private final Fd ends;
    private final Consumer<Runnable> starter;

    // -- guarded by this
    private @Nullable AcceptedFd accepted;
    private @Nullable Throwable failure;
    private @Nullable LatchWaiter waiter; // of the last call that found the thread busy
    private @Nullable SignalledCall call; // of the thread, once it is at work
    private boolean busy;
    private boolean abandoned; // while it has yet to begin
    private boolean closed;

    public SharedAcceptor(Fd ends) {
        this(ends, body -> LibraryThreads.start("dyad-accept", body));
    }

    /// @param starter runs what it is given on another thread
    public SharedAcceptor(Fd ends, Consumer<Runnable> starter) {
        this.ends = ends;
        this.starter = starter;
    }

    @Override
    public int take() throws IOException {
        if (isAccepting()) {
            return -EAGAIN;
        }
        AcceptedFd connection = accepted();
        if (connection != null) {
            return connection.release();
        }
        if (isReadable()) {
            begin();
        } else {
            ends.reading.waitBy(null);
        }
        return -EAGAIN;
    }

    @Override
    public int takeNow() throws IOException {
        boolean before = isAccepting();
        int answer = take();
        LatchWaiter begun = waiter();
        if (before || begun == null) {
            return answer;
        }
        awaitTaken(begun);
        rest();
        boolean _ = BoundedWait.await(this::isIdle, BoundedWait.MOMENT); // what it has just accepted is for this call
        AcceptedFd connection = accepted();
        return connection == null ? answer : connection.release();
    }

    /// Returns when the thread is done, when another process has taken what was there, or when the time is up.
    private void awaitTaken(LatchWaiter begun) throws IOException {
        Deadline last = Deadline.after(LONGEST);
        do {
            begun.await(Deadline.after(MOMENT));
        } while (!isIdle()
                && isReadable()
                && !last.hasPassed()
                && !Thread.currentThread().isInterrupted());
    }

    /// Returns when the thread has left its call, or after a moment: one that was woken and has no core yet
    /// would take a connection that comes meanwhile.
    @Override
    public void rest() {
        SignalledCall under = abandon();
        if (under != null && !under.end()) {
            boolean _ = BoundedWait.await(this::isIdle, BoundedWait.MOMENT);
        }
    }

    private synchronized @Nullable SignalledCall abandon() {
        abandoned = busy;
        return call;
    }

    @Override
    public synchronized boolean isIdle() {
        return !busy;
    }

    @Override
    public void close() {
        AcceptedFd connection = closing();
        rest();
        if (connection != null) {
            connection.close();
        }
    }

    private synchronized @Nullable AcceptedFd closing() {
        closed = true;
        AcceptedFd connection = accepted;
        accepted = null;
        return connection;
    }

    @Override
    public void share() {
        // It is already.
    }

    /// Returns whether the thread is at work, for which the call under way then waits.
    private synchronized boolean isAccepting() {
        if (busy) {
            waitForThread();
        }
        return busy;
    }

    private void waitForThread() {
        var mine = new LatchWaiter();
        waiter = mine;
        ends.reading.waitBy(mine);
    }

    private synchronized @Nullable LatchWaiter waiter() {
        return waiter;
    }

    /// Returns what the thread accepted, or throws what it met.
    private synchronized @Nullable AcceptedFd accepted() throws IOException {
        waiter = null;
        Throwable met = failure;
        failure = null;
        switch (met) {
            case null -> {}
            case IOException e -> throw e;
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IOException(met);
        }
        AcceptedFd connection = accepted;
        accepted = null;
        return connection;
    }

    private boolean isReadable() throws IOException {
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment fds = call.allocate(PollFd.LAYOUT);
            PollFd.set(fds, 0, raw, OS.POLLIN());
            int answer = SocketCalls.look(call, fds, 1);
            if (answer < 0) {
                throw new SystemCallException("ppoll", Errno.of(answer));
            }
            return answer > 0;
        } finally {
            ends.fd.release();
        }
    }

    /// Starts the thread.
    public synchronized void begin() {
        busy = true;
        abandoned = false;
        waitForThread();
        boolean started = false;
        try {
            starter.accept(this::run);
            started = true;
        } finally {
            busy = started;
        }
    }

    private void run() {
        AcceptedFd connection = null;
        Throwable met = null;
        try {
            SignalledCall mine = call(WakeSignal.ownThread());
            if (mine != null) {
                connection = accept(mine);
            }
        } catch (Throwable thrown) {
            met = thrown; // for the next call: nobody else is to learn of it
        } finally {
            ended(connection, met);
        }
    }

    /// Returns what the thread makes its call by, or `null` if nobody waits for it any more.
    private synchronized @Nullable SignalledCall call(int thread) {
        call = abandoned || closed ? null : new SignalledCall(thread);
        return call;
    }

    private @Nullable AcceptedFd accept(SignalledCall mine) throws IOException {
        try {
            return mine.enter() ? owned(accept()) : null;
        } finally {
            mine.leave();
        }
    }

    /// @return a descriptor, or `-errno` where there was nothing to accept
    private int accept() throws IOException {
        int answer = Acceptor.accept(ends, false);
        if (answer < 0 && answer != -EAGAIN && answer != -EINTR) {
            throw Acceptor.failure(ends, Errno.of(answer));
        }
        return answer;
    }

    private static @Nullable AcceptedFd owned(int answer) {
        if (answer < 0) {
            return null;
        }
        boolean done = false;
        try {
            var connection = new AcceptedFd(answer);
            done = true;
            return connection;
        } finally {
            if (!done) {
                SocketCalls.closeNow(answer);
            }
        }
    }

    private synchronized void ended(@Nullable AcceptedFd connection, @Nullable Throwable met) {
        busy = false;
        call = null;
        failure = met;
        if (connection != null && closed) {
            connection.close();
        } else {
            accepted = connection;
        }
        if (waiter != null) {
            waiter.wake();
        }
    }
}
