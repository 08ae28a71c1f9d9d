package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.thread.DeadlineWaits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Decides which thread may write to a channel, and keeps what is to be written next. It writes nothing itself.
///
/// One thread at a time has the lead. A message that comes meanwhile is copied to a buffer, if it is small, and
/// goes out with others by one call, made by a thread of the channel's own. Where there is no room in the buffer,
/// or the message is large, its thread waits until it is given the lead or the room.
final class SendQueue {

    private final Ending ending;
    private final FrameLayout layout;

    private Lead lead =
            Lead.FREE; // under this, as all that follows: a lock of its own would make each idle channel larger
    private boolean shut;
    private boolean torn; // a message is out in part, and nobody has the rest; the channel has ended by then
    private @Nullable IOException failure; // of a write: nothing goes out any more, though no event may say so yet
    private @Nullable ByteBuffer rest; // of a message that a thread has begun; goes out first
    private @Nullable ByteBuffer queued; // small messages that go out next
    private @Nullable SequencedSet<Sender> line; // left in constant time, see FairTurn; null before the first

    SendQueue(Ending ending, FrameLayout layout) {
        this.ending = ending;
        this.layout = layout;
    }

    /// Which thread may write.
    enum Lead {
        FREE,
        A_SENDER,
        /// A thread of the channel's own, which has taken no bytes to write.
        OURS,
        /// The same, which writes as much as there is room for.
        OURS_MOVING,
        /// The same, which waits for room, or to know how the peer has ended.
        OURS_BLOCKED
    }

    /// What has become of a thread that is to send.
    enum State {
        WAITING,
        /// It may write, and then [passes the lead on][#passOn].
        LEADS,
        /// Its message was copied.
        QUEUED,
        /// It cannot send, as a [write has failed][#failure].
        FAILED
    }

    /// A thread that waits for its turn.
    private static final class Sender {
        final Thread thread = Thread.currentThread();
        final @Nullable ByteBuffer small; // its message, if that may be copied
        final boolean isLast; // since it ends sending
        State state = State.WAITING;

        Sender(@Nullable ByteBuffer small, boolean isLast) {
            this.small = small;
            this.isLast = isLast;
        }
    }

    /// What writes a batch, as far as there is room for it.
    @FunctionalInterface
    interface BatchWriter {

        /// @return whether that was all
        boolean isWritten(ByteBuffer batch) throws IOException;
    }

    /// Waits until this thread has the lead, or its small message is queued.
    ///
    /// @param small the message, if it may be queued
    /// @param isLast whether nothing may be sent after it
    /// @return any state but [State#WAITING]
    State begin(@Nullable ByteBuffer small, boolean isLast, Deadline deadline) throws IOException {
        Sender sender;
        synchronized (this) {
            State state = stateAtOnce(small);
            if (state == State.LEADS) {
                shut = isLast;
            }
            if (state != State.WAITING) {
                return state;
            }
            sender = new Sender(small, isLast);
            line().add(sender);
        }
        return await(sender, deadline);
    }

    /// Does the same without waiting.
    synchronized State tryBegin(@Nullable ByteBuffer small) throws IOException {
        return stateAtOnce(small);
    }

    /// Under this.
    private State stateAtOnce(@Nullable ByteBuffer small) throws IOException {
        requireOpen();
        if (failure != null) {
            return State.FAILED;
        }
        if (lead == Lead.FREE) {
            lead = Lead.A_SENDER;
            return State.LEADS;
        }
        return small != null && !isWaitedFor() && queue(small) ? State.QUEUED : State.WAITING;
    }

    private void requireOpen() throws IOException {
        ending.requireWritable();
        Closed event = ending.now();
        if (event != null && (torn || failure != null)) { // after the peer has ended its own side
            throw new ChannelClosedException(event);
        }
        if (shut) {
            throw new ClosedChannelException();
        }
    }

    private State await(Sender sender, Deadline deadline) throws IOException {
        while (true) {
            boolean isInterrupted = Thread.currentThread().isInterrupted();
            boolean isOver = isInterrupted || deadline.hasPassed() || !ending.isWritable();
            State state = stateNow(sender, isOver);
            if (state != State.WAITING) {
                return state;
            }
            if (isOver) {
                throw isInterrupted
                        ? new InterruptedIOException("send: the thread was interrupted; nothing of it was sent")
                        : new SocketTimeoutException("send: the deadline has passed; nothing of it was sent");
            }
            park(sender, deadline);
        }
    }

    /// Returns what has become of a thread that waits.
    ///
    /// @param isOver whether it waits no longer: it has left the line then
    private synchronized State stateNow(Sender sender, boolean isOver) throws IOException {
        if (sender.state != State.WAITING) {
            return sender.state;
        }
        if (isOver || shut || torn || failure != null) {
            line().remove(sender);
            requireOpen();
        }
        return failure == null ? State.WAITING : State.FAILED;
    }

    private void park(Sender sender, Deadline deadline) {
        try {
            DeadlineWaits.park(this, deadline);
        } catch (VirtualMachineError e) { // a virtual thread may need another one to be woken at a time
            synchronized (this) {
                if (sender.state == State.WAITING) {
                    line().remove(sender);
                    throw e;
                }
            }
        }
    }

    /// Under this.
    private SequencedSet<Sender> line() {
        if (line == null) {
            line = new LinkedHashSet<>(0);
        }
        return line;
    }

    /// Under this.
    private boolean isWaitedFor() {
        return line != null && !line.isEmpty();
    }

    /// Puts a message behind those that are queued, if there is room. Under this, and where no write has failed.
    private boolean queue(ByteBuffer message) {
        ByteBuffer target = queued;
        if (target == null) {
            target = BufferPool.borrow();
            queued = target;
        }
        return layout.put(message, target);
    }

    synchronized boolean isShut() {
        return shut;
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    synchronized Lead lead() {
        return lead;
    }

    /// Returns the failure that [State#FAILED] stands for.
    synchronized IOException failure() {
        return requireNonNull(failure);
    }

    /// Ends writing, as a write has failed. Senders wait until it is known how the peer ended; a close does not.
    synchronized void fail(IOException why) {
        failure = failure == null ? why : failure;
        wakeAll();
        if (lead == Lead.OURS_MOVING) {
            block();
        }
    }

    /// Lets nothing follow a message that was cut off, even where the channel has ended and still writes what it
    /// keeps.
    synchronized void tear() {
        torn = true;
        wakeAll();
    }

    /// Wakes all that wait, as the channel has ended.
    synchronized void ended() {
        wakeAll();
    }

    /// Lets all that wait see that sending is over. Under this.
    private void wakeAll() {
        if (line != null) {
            for (Sender sender : line) {
                LockSupport.unpark(sender.thread);
            }
        }
    }

    /// Takes over what a thread that has the lead has left of its message.
    synchronized void keep(ByteBuffer kept) {
        rest = kept;
    }

    /// Gives the lead to the next in line.
    ///
    /// @return false where something is left, which a thread of the channel's own has to write: it has the lead
    synchronized boolean passOn() {
        if (isLeft()) {
            lead = Lead.OURS;
            return false;
        }
        giveLead();
        return true;
    }

    /// Returns whether something is left to write, and somebody may be there to read it. Under this.
    private boolean isLeft() {
        return !isOver() && (rest != null || (queued != null && queued.position() > 0));
    }

    /// Returns whether nothing goes out any more. Under this.
    private boolean isOver() {
        return torn || failure != null || !ending.isWritable();
    }

    /// Under this.
    private void giveLead() {
        boolean isOver = isOver() || shut; // then the threads that wait leave by themselves
        Sender next = isOver || !isWaitedFor() ? null : line().removeFirst();
        if (next != null) {
            lead = Lead.A_SENDER;
            next.state = State.LEADS;
            LockSupport.unpark(next.thread);
            if (next.isLast) {
                shut = true;
                wakeAll();
            }
        } else {
            lead = Lead.FREE;
            giveBackQueued();
        }
        notifyAll(); // a close may wait
    }

    private void giveBackQueued() {
        if (queued != null) {
            BufferPool.giveBack(queued);
            queued = null;
        }
    }

    /// Returns what is to be written next, or `null` where the lead is given up.
    @Nullable
    synchronized ByteBuffer next() {
        if (!isLeft()) {
            giveLead();
            return null;
        }
        lead = Lead.OURS_MOVING;
        return take();
    }

    /// Takes what is to be written next, of which there is some. Under this.
    private ByteBuffer take() {
        ByteBuffer batch = rest;
        if (batch == null) {
            batch = requireNonNull(queued).flip();
            queued = null;
            admit();
        }
        rest = null;
        return batch;
    }

    /// Queues the messages of those that wait, as far as there is room. Under this.
    private void admit() {
        while (isWaitedFor() && isQueued(line().getFirst())) {
            Sender first = line().removeFirst();
            first.state = State.QUEUED;
            LockSupport.unpark(first.thread);
        }
    }

    private boolean isQueued(Sender sender) {
        try {
            return sender.small != null && queue(sender.small);
        } catch (RuntimeException | Error e) {
            return false; // its own thread is told, once it has the lead
        }
    }

    /// Notes that the channel's own thread waits for room, so that a close need not wait for it.
    synchronized void block() {
        lead = Lead.OURS_BLOCKED;
        notifyAll(); // a close may wait
    }

    /// Writes what is kept, as far as there is room, if nobody writes; first waits while the channel's own thread
    /// moves bytes.
    synchronized void flushNow(BatchWriter writer) {
        awaitPause();
        if (lead == Lead.OURS) {
            try {
                flush(writer);
            } catch (IOException e) {
                // nobody is left to hear of it
            }
        }
    }

    /// Under this.
    private void awaitPause() {
        boolean wasInterrupted = false;
        while (lead == Lead.OURS_MOVING) {
            try {
                wait();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Under this, so that the thread which has the lead takes nothing meanwhile.
    private void flush(BatchWriter writer) throws IOException {
        while (isLeft()) {
            ByteBuffer batch = take();
            if (!writer.isWritten(batch)) {
                rest = batch;
                return;
            }
            BufferPool.giveBack(batch);
        }
    }
}
