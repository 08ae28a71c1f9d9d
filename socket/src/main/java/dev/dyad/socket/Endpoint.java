package dev.dyad.socket;

import dev.dyad.socket.fd.CloseOnFailure;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.HandedOverException;
import dev.dyad.socket.option.EndpointOptions;
import dev.dyad.socket.select.EndpointRegistrations;
import dev.dyad.socket.transfer.ReceiveMessage;
import dev.dyad.socket.waiting.BoundedWait;
import dev.dyad.socket.waiting.InterruptHook;
import dev.dyad.socket.waiting.Interruption;
import dev.dyad.socket.waiting.Interrupts;
import dev.dyad.socket.waiting.SystemCall;
import dev.dyad.socket.waiting.TimeLimit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An end of a connection or of a pipe, or a listener that accepts connections.
///
/// It works the same on platform and on virtual threads, and may be shared between threads: one thread at a time
/// uses each of its directions, and others wait their turn. Closing it, or interrupting a thread that is in a
/// call, ends the calls under way as with every [java.nio.channels.InterruptibleChannel]. A call that would wait
/// longer than its [Deadline] ends with [SocketTimeoutException], loses nothing and leaves the socket as it was.
///
/// The opener closes it. One that is lost without being closed is closed by a cleaner some time later,
/// which logs a warning that names it; `-Ddyad.lost=stack` adds where it was opened.
///
/// {@snippet file="dev/dyad/socket/examples/PairExamplesTest.java" region="endpoint"}
public abstract sealed class Endpoint extends AbstractInterruptibleChannel implements DescriptorSource
        permits StreamSocket, MessageSocket, Listener, PipeEnd {

    /// What a read returns at the end of the stream.
    static final int END = -1;

    private static final long EAGAIN = Errno.EAGAIN.code();

    /// How many nanoseconds a hand-over waits for a thread that it woke, which may have to wait for a core.
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private static final Errno ESHUTDOWN = Errno.named("ESHUTDOWN");

    final Direction reading;
    final Direction writing;
    private final Interruption interruption = new Closing();
    private volatile @Nullable Giving giving; // the close that hands the connection on
    private volatile @Nullable String handedOn; // how, once that was done
    private volatile @Nullable OneWait readingKeptOpen; // when a thread is interrupted that waits in this
    private volatile @Nullable OneWait writingKeptOpen;
    private volatile @Nullable EndpointRegistrations watchers; // once it was in a selector

    Endpoint(Direction reading, Direction writing) {
        this.reading = reading;
        this.writing = writing;
    }

    /// The thread that hands the connection on, and how.
    private record Giving(Thread thread, String how) {}

    /// Ends one wait when its thread is interrupted, and no more.
    private static final class OneWait implements Interruption {

        private final Direction direction;
        private @Nullable InterruptHook hook; // while a thread waits; of the one that has the turn

        OneWait(Direction direction) {
            this.direction = direction;
        }

        @Override
        public void begins(Interrupts interrupts) {
            InterruptHook now = hook;
            if (now == null) {
                now = new InterruptHook(direction::wake);
                hook = now;
            }
            now.begins();
        }

        @Override
        public void ends(boolean completed) {
            InterruptHook now = hook;
            hook = null;
            if (now != null) {
                now.ends();
            }
        }
    }

    /// Has the JDK close this where a thread that waits is interrupted.
    private final class Closing implements Interruption {
        @Override
        public void begins(Interrupts interrupts) {
            if (interrupts == Interrupts.CLOSE) {
                begin();
            }
        }

        /// Where this was handed over meanwhile, the cause says so.
        @Override
        public void ends(boolean completed) throws AsynchronousCloseException {
            try {
                end(completed);
            } catch (ClosedByInterruptException interrupted) {
                throw interrupted;
            } catch (AsynchronousCloseException closed) {
                if (handedOn != null) {
                    closed.initCause(closed());
                }
                throw closed;
            }
        }
    }

    /// Returns what this kind of socket can do.
    ///
    /// @return the capabilities, which do not change
    public abstract Set<Capability> capabilities();

    /// Returns the name of this socket.
    ///
    /// @return a [UnixAddress] or a [java.net.InetSocketAddress]
    /// @throws ClosedChannelException if this is closed
    /// @throws SystemCallException if `getsockname(2)` fails
    public abstract SocketAddress localAddress() throws IOException;

    /// Sets an option of this socket.
    ///
    /// @param option one of [java.net.StandardSocketOptions], of `jdk.net.ExtendedSocketOptions` or of
    ///     [SocketOptions]
    /// @param value its value
    /// @param <T> the type of the value
    /// @throws UnsupportedOperationException if this socket has no such option, or it is read-only
    /// @throws IllegalArgumentException if the value is of another type or out of range
    /// @throws ClosedChannelException if this is closed
    /// @throws SystemCallException if `setsockopt(2)` fails, as with `EPERM`
    public final <T> void setOption(SocketOption<T> option, T value) throws IOException {
        options().set(option, value);
    }

    /// Returns the value of an option of this socket.
    ///
    /// As with the JDK, the size of a buffer is the one that was set, without what the kernel adds for itself.
    ///
    /// @param option one of [java.net.StandardSocketOptions], of `jdk.net.ExtendedSocketOptions` or of
    ///     [SocketOptions]
    /// @param <T> the type of the value
    /// @return the value, which may be `null` where nothing was set, as with
    ///     [java.net.StandardSocketOptions#IP_MULTICAST_IF]
    /// @throws UnsupportedOperationException if this socket has no such option
    /// @throws ClosedChannelException if this is closed
    /// @throws SystemCallException if `getsockopt(2)` fails
    public final <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        return options().get(option);
    }

    /// Returns the options that this socket has.
    ///
    /// @return a set that does not change
    public final Set<SocketOption<?>> supportedOptions() {
        return options().supported();
    }

    /// Turns this into a descriptor, for code that accepts only descriptors: another owner, or a native
    /// library, which gets the number by [Descriptor#release] and closes it.
    ///
    /// This is consumed: calls under way end as if it were closed, and later ones throw
    /// [ClosedChannelException]. The connection goes on with all that was not received yet. Where this fails, it
    /// is still open and as it was. The only exception: where a thread cannot leave its call, as when a debugger
    /// has suspended it, all of it is ended after ten seconds.
    ///
    /// @return the descriptor, which is the caller's to close
    /// @throws AsynchronousCloseException if another thread closes this meanwhile
    /// @throws ClosedChannelException if this is closed
    /// @throws SystemCallException if no descriptor is left: it takes one more for a moment
    /// @throws UnsupportedOperationException if this lacks [Capability#DESCRIPTOR]
    /// @throws IOException if a thread does not leave its call
    public final Descriptor toDescriptor() throws IOException {
        try (BorrowedFd held = look()) {
            prepareToShare();
            return CloseOnFailure.of(Descriptor.duplicate(held.fd()), _ -> handOn("Descriptor"));
        }
    }

    /// Returns how many threads wait in this socket now, for tests and for monitoring.
    ///
    /// @return zero to two: those that wait for their turn are not counted
    public final int waiters() {
        return count(reading) + count(writing);
    }

    /// One that is parked waits no more once this is closed, even if it has no carrier to go on by.
    private int count(Direction direction) {
        return direction.isWaiting() && (isOpen() || !direction.isResting()) ? 1 : 0;
    }

    /// From now on, keeps this open when a thread that waits in it is interrupted.
    ///
    /// The interrupt then ends only the call of that thread, with an [InterruptedIOException], and the thread
    /// stays interrupted. Without this, an interrupt closes the end for every thread that shares it, as it
    /// closes any channel of the JDK. The position of a write's buffer says how much was sent by then. A thread
    /// that is already interrupted can still make calls that need not wait.
    ///
    /// Use it for an end that several threads share and where one of them may be cancelled.
    public final void keepOpenWhenInterrupted() {
        readingKeptOpen = new OneWait(reading);
        writingKeptOpen = new OneWait(writing);
    }

    /// Ends all waiting in this socket, now and later: from a given moment on, a call that would wait throws
    /// instead.
    ///
    /// What has come is still received, and what there is room for is still sent. A call that never waits throws
    /// as well, where it would otherwise return that there is nothing. A close, and the end of the peer, are
    /// reported as before.
    ///
    /// This is for callers that know that the peer will send nothing more although its end is open, as when a
    /// child has ended and left its end to a process that it started. A [SocketSelector] does not report it.
    ///
    /// @param from until when one may still wait, for an end that is on its way
    /// @param why makes the exception, a new one for each call
    public final void endWaiting(Deadline from, Supplier<? extends IOException> why) {
        reading.refuse(from, why);
        writing.refuse(from, why);
    }

    /// Borrows the descriptor for a look at it by this process only, which does not make it shared.
    abstract BorrowedFd look() throws IOException;

    /// Prepares the open file for other processes that are to have it as well.
    void prepareToShare() throws IOException {
        // It is as it was opened.
    }

    /// Returns the options of this socket.
    abstract EndpointOptions options();

    /// Marks the socket closed, and closes it when the last call under way has left.
    ///
    /// @return whether it is closed already, as no call was under way
    abstract boolean closeEnd() throws IOException;

    /// Ends one direction.
    abstract void shutdown(boolean output) throws IOException;

    @Override
    protected final void implCloseChannel() throws IOException {
        Giving given = giving;
        handedOn = given != null && given.thread() == Thread.currentThread() ? given.how() : null;
        EndpointRegistrations ended = watchers;
        if (ended != null) {
            ended.close(); // while the number is still ours
        }
        boolean gone;
        try {
            gone = closeEnd();
        } finally {
            reading.wake();
            writing.wake();
        }
        if (!gone && handedOn == null) {
            awaitClosed();
        }
    }

    /// Waits until the threads that waited here have let go of what is to be closed, so that the peer finds the
    /// end and the address is free; it waits a moment at most.
    void awaitClosed() {
        reading.awaitLetGo();
        writing.awaitLetGo();
    }

    /// Returns the selectors that this is in: none for good once it is closed, also where the close saw none.
    final EndpointRegistrations watchers() {
        EndpointRegistrations made = watchers;
        if (made == null) {
            made = makeWatchers();
        }
        if (!isOpen()) {
            made.close();
        }
        return made;
    }

    private EndpointRegistrations makeWatchers() {
        synchronized (writing) {
            EndpointRegistrations made = watchers;
            if (made == null) {
                made = new EndpointRegistrations();
                watchers = made;
            }
            return made;
        }
    }

    /// Returns what to throw for a call that failed.
    abstract IOException failure(SystemCall call, Errno errno);

    /// Makes a call that receives, waiting as long as it would have to; what was shut down has ended.
    ///
    /// @return what it answers: zero at the end
    final long receiving(Deadline deadline, SystemCall call) throws IOException {
        return receiving(deadline.limit(), Interrupts.CLOSE, call);
    }

    /// Makes a call that receives, waiting as long as it would have to.
    ///
    /// @param interrupts what an interrupt does meanwhile
    final long receiving(TimeLimit until, Interrupts interrupts, SystemCall call) throws IOException {
        return perform(reading, until, interrupts, call);
    }

    /// Makes a call that sends, waiting as long as it would have to.
    final long sending(Deadline deadline, SystemCall call) throws IOException {
        return sending(deadline.limit(), Interrupts.CLOSE, call);
    }

    /// Makes a call that sends, waiting as long as it would have to.
    ///
    /// @param interrupts what an interrupt does meanwhile
    final long sending(TimeLimit until, Interrupts interrupts, SystemCall call) throws IOException {
        return perform(writing, until, interrupts, call);
    }

    /// Makes a call that receives, which does not wait, nor for its turn.
    ///
    /// @return what it answers, or `-EAGAIN`
    final long receivingNow(SystemCall call) throws IOException {
        return performNow(reading, call);
    }

    /// Makes a call that sends, which does not wait, nor for its turn.
    ///
    /// @return what it answers, or `-EAGAIN`
    final long sendingNow(SystemCall call) throws IOException {
        return performNow(writing, call);
    }

    /// Receives a message and what comes with it; where something ends that early, nothing of it is left.
    final Received received(ReceiveMessage<Descriptor> reception, Deadline deadline) throws IOException {
        boolean completed = false;
        try {
            long _ = receiving(deadline, reception);
            completed = true;
            return Received.of(reception);
        } finally {
            if (!completed) {
                Received.of(reception).close(); // of which nobody will hear
            }
        }
    }

    /// Receives a message and what comes with it if there is one now, or returns `null`.
    final @Nullable Received receivedNow(ReceiveMessage<Descriptor> reception) throws IOException {
        return receivingNow(reception) == -EAGAIN ? null : Received.of(reception);
    }

    /// Closes this socket for all threads that use it, while its connection goes on elsewhere; the caller
    /// keeps the descriptor open.
    ///
    /// Returns when the last call under way has left, so that none takes what the new owner is to read. A thread
    /// that does not leave might take it whenever it goes on, so that the connection is ended instead.
    ///
    /// @param type what it becomes, by a method whose name is `to` and this
    /// @throws AsynchronousCloseException if another thread closes it meanwhile
    /// @throws IOException if a call does not leave
    final void handOn(String type) throws IOException {
        synchronized (reading) { // one thread, or each would take the other's mark away
            requireOpen();
            giving = new Giving(Thread.currentThread(), HandedOverException.to(type));
            close();
        }
        if (handedOn == null) {
            throw new AsynchronousCloseException();
        }
        if (!BoundedWait.await(this::isLeft, PATIENCE)) {
            handedOn = null;
            endConnection();
            throw new IOException("to" + type + "() has ended this instead, as a thread did not leave its call in it");
        }
    }

    /// Returns whether no call is under way that may still take what comes.
    boolean isLeft() {
        return reading.isEmpty() && writing.isEmpty();
    }

    /// Ends the connection of what was closed as handed on, but has nobody to go to; its descriptor is still open.
    abstract void endConnection() throws IOException;

    /// Returns how it was handed on if it was closed by [#handOn], so that the connection is to stay, or `null`.
    final @Nullable String handedOn() {
        return handedOn;
    }

    final boolean isReadingShut() {
        return reading.isShut();
    }

    final boolean isWritingShut() {
        return writing.isShut();
    }

    final void shutdownReading() throws IOException {
        shutdown(reading, false);
    }

    final void shutdownWriting() throws IOException {
        shutdown(writing, true);
    }

    final void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw closed();
        }
    }

    /// Returns what to throw where this is closed.
    final ClosedChannelException closed() {
        return HandedOverException.closed(handedOn);
    }

    /// Makes a call, waiting as long as it would have to.
    ///
    /// @return what it answers: zero at the end
    final long perform(Direction direction, TimeLimit until, Interrupts interrupts, SystemCall call)
            throws IOException {
        long answer;
        try {
            OneWait kept = direction.equals(reading) ? readingKeptOpen : writingKeptOpen;
            answer = kept != null && interrupts == Interrupts.CLOSE
                    ? direction.perform(call, until, Interrupts.RETURN, kept)
                    : direction.perform(call, until, interrupts, interruption);
        } catch (SystemCallException e) { // of another call that this one needs
            throw meaning(direction, e);
        }
        if (answer < 0) {
            throw failure(direction, call, Errno.of(answer));
        }
        return answer;
    }

    private long performNow(Direction direction, SystemCall call) throws IOException {
        int entered = direction.tryEnter();
        if (entered < 0) {
            return nothing(direction, call, entered);
        }
        try {
            Supplier<? extends IOException> refusal = direction.refusal();
            long answer = direction.performNow(call);
            if (answer == -EAGAIN && refusal != null) {
                throw refusal.get();
            }
            return nothing(direction, call, answer);
        } finally {
            direction.leave();
        }
    }

    private long nothing(Direction direction, SystemCall call, long answer) throws IOException {
        if (answer < 0 && answer != -EAGAIN) {
            throw failure(direction, call, Errno.of(answer));
        }
        return answer;
    }

    /// Returns what to throw for an answer of [Direction#perform], which is where errors become exceptions.
    private IOException failure(Direction direction, SystemCall call, Errno errno) {
        if (errno.equals(Errno.EAGAIN)) {
            return new SocketTimeoutException(call.name() + ": the deadline has passed");
        }
        if (errno.equals(Errno.EINTR)) {
            return new InterruptedIOException(call.name() + ": the thread was interrupted");
        }
        if (errno.equals(Errno.EBADF) && !isOpen()) {
            return closed();
        }
        return errno.equals(ESHUTDOWN) && direction.isShut()
                ? new ClosedChannelException()
                : meaning(direction, failure(call, errno));
    }

    /// Returns what to throw for a call that failed: another thread may have ended the direction meanwhile.
    private IOException meaning(Direction direction, IOException failure) {
        return direction.isShut() && isOpen()
                ? (IOException) new AsynchronousCloseException().initCause(failure)
                : failure;
    }

    private void shutdown(Direction direction, boolean output) throws IOException {
        requireOpen();
        if (direction.shut()) {
            boolean done = false;
            try {
                shutdown(output);
                direction.wake(); // the kernel does not wake our own writer
                done = true;
            } finally {
                if (!done) {
                    direction.unshut();
                }
            }
        }
    }
}
