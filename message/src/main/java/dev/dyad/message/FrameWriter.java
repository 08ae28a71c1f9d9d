package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Writes the messages of many threads, each whole, in the order in which they were sent.
///
/// One thread at a time has the lead, and only that writes. A message that comes meanwhile is copied to
/// a buffer, if it is small, and goes out with others by one call, made by a thread of the channel's
/// own. Where there is no room in the buffer, or the message is large, its thread waits until it is
/// given the lead or the room. A message that nobody is before is written at once by its own thread.
///
/// Where a deadline or an interrupt ends a thread that has written a part of its message, what is left
/// of it becomes the channel's, which writes it on. Where anything else ends it there, the channel ends,
/// since no message that follows could be told from the rest of that one.
final class FrameWriter {

    /// Messages up to so many bytes are copied, and go out with others.
    static final int SMALL = 1 << 14;

    /// What is left of a longer one is not kept for a thread that gives up within it: the channel ends.
    static final int MOST_KEPT = 1 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final Ending ending;
    private final FrameLayout layout;
    private final UnaryOperator<Closed> addUnread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition paused = lock.newCondition(); // the channel's own thread no longer moves bytes

    private Lead lead = Lead.FREE; // under the lock, as all that follows
    private boolean shut;
    private boolean torn; // a message is out in part, and nobody has the rest; the channel has ended by then
    private @Nullable IOException failure; // of a write: nothing goes out any more, though no event may say so yet
    private @Nullable ByteBuffer rest; // of a message that a thread has begun; goes out first
    private @Nullable ByteBuffer queued; // small messages that go out next
    private final LinkedHashSet<Sender> waiting = new LinkedHashSet<>(0); // left early in constant time, see FairTurn

    /// @param addUnread says more of how the peer is gone, by what is still to be read
    FrameWriter(Transport transport, Ending ending, FrameLayout layout, UnaryOperator<Closed> addUnread) {
        this.transport = transport;
        this.ending = ending;
        this.layout = layout;
        this.addUnread = addUnread;
    }

    /// Who may write.
    private enum Lead {
        FREE,
        A_SENDER,
        /// A thread of the channel's own, which has taken no bytes to write.
        OURS,
        /// The same, which writes as much as there is room for.
        OURS_MOVING,
        /// The same, which waits for room, or to know how the peer has ended.
        OURS_BLOCKED
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

    private enum State {
        WAITING,
        LEADS,
        QUEUED
    }

    /// Sends a message, of which nothing is read any more once this returns or throws.
    ///
    /// @throws SocketTimeoutException if the deadline has passed; where a part was written by then, its
    ///     `bytesTransferred` is not zero, and the rest follows
    /// @throws InterruptedIOException if the thread was interrupted, likewise
    void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        requireNonNull(deadline);
        layout.check(message);
        boolean isSmall = message.remaining() <= SMALL && descriptors.isEmpty();
        if (begin(isSmall ? message : null, false, deadline)) {
            message.position(message.limit());
            return;
        }
        try {
            if (isSmall) {
                writeSmall(message, deadline);
            } else {
                writeLarge(message, descriptors, deadline, null);
            }
        } finally {
            passOn();
        }
    }

    /// Sends a long message as [#send(ByteBuffer, Collection, Deadline)].
    ///
    /// @param whenBlocked what is done before this thread waits for room for the rest
    void send(ByteBuffer message, Deadline deadline, Runnable whenBlocked) throws IOException {
        layout.check(message);
        boolean _ = begin(null, false, deadline);
        try {
            writeLarge(message, List.of(), deadline, whenBlocked);
        } finally {
            passOn();
        }
    }

    /// Sends a message if nothing is written before it and there is room for some of it.
    boolean trySend(ByteBuffer message) throws IOException {
        layout.check(message);
        if (message.remaining() > MOST_KEPT) {
            throw new IllegalArgumentException("more than " + MOST_KEPT + " bytes are kept for no one: send them");
        }
        boolean isSmall = message.remaining() <= SMALL;
        IOException before;
        lock.lock();
        try {
            requireOpen();
            before = failure;
            if (before == null && lead != Lead.FREE) {
                boolean sent = isSmall && waiting.isEmpty() && queue(message);
                message.position(sent ? message.limit() : message.position());
                return sent;
            }
            if (before == null) {
                lead = Lead.A_SENDER;
            }
        } finally {
            lock.unlock();
        }
        if (before != null) {
            return notSent(before);
        }
        try {
            return tryWrite(message);
        } finally {
            passOn();
        }
    }

    /// Sends a message that is too large to be in memory, piece by piece. Where it ends early, the channel ends.
    void send(ReadableByteChannel body, long length, Deadline deadline) throws IOException {
        requireNonNull(deadline);
        BufferPool pieces = BufferPool.of(length);
        ByteBuffer piece = pieces.take(); // before others have to wait
        try {
            boolean _ = begin(null, false, deadline);
            sendPieces(piece, body, length, deadline);
        } finally {
            pieces.put(piece);
        }
    }

    private void sendPieces(ByteBuffer piece, ReadableByteChannel body, long length, Deadline deadline)
            throws IOException {
        boolean completed = false;
        boolean begun = false;
        try {
            layout.putHead(length, piece);
            begun = true;
            writePiece(piece.flip(), false, deadline);
            for (long left = length; left > 0; ) {
                piece.clear().limit((int) Math.min(left, piece.capacity()));
                left -= fill(piece, body, left, length);
                writePiece(piece.flip(), true, deadline);
            }
            completed = true;
        } catch (InterruptedIOException early) {
            begun = false; // nothing of it was written
            throw early;
        } finally {
            if (begun && !completed) {
                tear("a message could not be sent to its end");
            }
            passOn();
        }
    }

    /// Writes a piece of a message that nobody could finish.
    private void writePiece(ByteBuffer piece, boolean begun, Deadline deadline) throws IOException {
        int length = piece.remaining();
        try {
            transport.write(piece, NOTHING, deadline);
        } catch (InterruptedIOException early) { // by a deadline, too
            if (begun || piece.remaining() < length) {
                throw cutOff(early);
            }
            throw early;
        } catch (IOException e) {
            throw failed(e, begun || piece.remaining() < length);
        }
    }

    private int fill(ByteBuffer piece, ReadableByteChannel body, long left, long length) throws IOException {
        String what = "the body of a message failed after " + (length - left) + " of " + length + " bytes";
        try {
            if (body.read(piece) >= 0) {
                return piece.position();
            }
        } catch (IOException e) {
            tear(what);
            throw new IOException(what, e);
        }
        tear(what);
        throw new EOFException("the body ended after " + (length - left) + " of " + length + " bytes");
    }

    /// Ends sending, after what was sent before. Those who wait behind are refused.
    void shutdown() throws IOException {
        if (isShut() || !beginLast()) {
            return;
        }
        try {
            transport.shutdownOutput();
        } catch (IOException e) {
            throw ending.failed(e);
        } finally {
            passOn();
        }
    }

    private boolean isShut() {
        lock.lock();
        try {
            return shut;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the lead for the last time.
    ///
    /// @return false if another thread has meanwhile
    private boolean beginLast() throws IOException {
        try {
            return !begin(null, true, Deadline.never());
        } catch (ChannelClosedException ended) {
            throw ended;
        } catch (ClosedChannelException another) {
            return false;
        }
    }

    /// Writes what there is room for of what is kept, as the channel is closed.
    void flushNow() {
        lock.lock();
        try {
            while (lead == Lead.OURS_MOVING) {
                paused.awaitUninterruptibly();
            }
            if (lead == Lead.OURS) {
                flush();
            }
        } catch (IOException e) {
            // nobody is left to hear of it
        } finally {
            lock.unlock();
        }
    }

    /// Under the lock, so that the thread which has the lead takes nothing meanwhile.
    private void flush() throws IOException {
        while (isLeft()) {
            ByteBuffer batch = take();
            if (!moved(batch)) {
                rest = batch;
                return;
            }
            BufferPool.giveBack(batch);
        }
    }

    /// Wakes all that wait, as the channel has ended.
    void ended() {
        lock.lock();
        try {
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets all that wait see that sending is over. Under the lock.
    private void wakeAll() {
        for (Sender sender : waiting) {
            LockSupport.unpark(sender.thread);
        }
    }

    /// Takes the lead, or has a small message queued.
    ///
    /// @param small the message, if it may be queued
    /// @param isLast whether nothing may be sent after it
    /// @return whether the message was queued; otherwise this thread has the lead
    private boolean begin(@Nullable ByteBuffer small, boolean isLast, Deadline deadline) throws IOException {
        Sender sender;
        lock.lock();
        try {
            requireOpen();
            if (failure == null && lead == Lead.FREE) {
                lead = Lead.A_SENDER;
                shut = isLast;
                return false;
            }
            if (failure == null && small != null && waiting.isEmpty() && queue(small)) {
                return true;
            }
            sender = new Sender(small, isLast);
            waiting.add(sender);
        } finally {
            lock.unlock();
        }
        return await(sender, deadline);
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

    private boolean await(Sender sender, Deadline deadline) throws IOException {
        while (true) {
            boolean isInterrupted = Thread.currentThread().isInterrupted();
            boolean isOver = isInterrupted || deadline.hasPassed() || !ending.isWritable();
            IOException before;
            lock.lock();
            try {
                if (sender.state != State.WAITING) {
                    return sender.state == State.QUEUED;
                }
                before = failure;
                if (isOver || shut || torn || before != null) {
                    waiting.remove(sender);
                    requireOpen();
                }
                if (isOver && before == null) {
                    throw isInterrupted
                            ? new InterruptedIOException("send: the thread was interrupted; nothing of it was sent")
                            : new SocketTimeoutException("send: the deadline has passed; nothing of it was sent");
                }
            } finally {
                lock.unlock();
            }
            if (before != null) {
                throw failed(before, 0, deadline);
            }
            park(sender, deadline);
        }
    }

    private void park(Sender sender, Deadline deadline) {
        try {
            DeadlineWaits.park(this, deadline);
        } catch (VirtualMachineError e) { // a virtual thread may need another one to be woken at a time
            lock.lock();
            try {
                if (sender.state == State.WAITING) {
                    waiting.remove(sender);
                    throw e;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Puts a message behind those that are queued, if there is room. Under the lock, and where no write has failed.
    private boolean queue(ByteBuffer message) {
        ByteBuffer target = queued;
        if (target == null) {
            target = BufferPool.borrow();
            queued = target;
        }
        return layout.put(message, target);
    }

    private void writeSmall(ByteBuffer message, Deadline deadline) throws IOException {
        ByteBuffer frame = BufferPool.borrow();
        try {
            boolean _ = layout.put(message, frame);
            write(frame.flip(), NOTHING, List.of(), deadline, null);
        } finally {
            BufferPool.giveBack(frame);
        }
        message.position(message.limit());
    }

    private void writeLarge(
            ByteBuffer message,
            Collection<? extends DescriptorSource> descriptors,
            Deadline deadline,
            @Nullable Runnable whenBlocked)
            throws IOException {
        ByteBuffer head = BufferPool.borrow();
        try {
            ByteBuffer body = layout.split(message.duplicate(), head);
            write(head.flip(), body, descriptors, deadline, whenBlocked);
        } finally {
            BufferPool.giveBack(head);
        }
        message.position(message.limit());
    }

    private void write(
            ByteBuffer head,
            ByteBuffer body,
            Collection<? extends DescriptorSource> descriptors,
            Deadline deadline,
            @Nullable Runnable whenBlocked)
            throws IOException {
        long length = bytes(head, body);
        try {
            if (!descriptors.isEmpty()) {
                transport.send(head.hasRemaining() ? head : body, descriptors, deadline);
            }
            if (whenBlocked != null && !isWritten(head, body)) {
                whenBlocked.run();
            }
            transport.write(head, body, deadline);
        } catch (InterruptedIOException early) { // by a deadline, too
            long written = length - bytes(head, body);
            if (written > 0) {
                keep(head, body, early);
            }
            early.bytesTransferred = (int) Math.min(written, Integer.MAX_VALUE);
            throw early;
        } catch (IOException e) {
            boolean isOfDescriptors = !descriptors.isEmpty() && bytes(head, body) == length && isOfDescriptors(e);
            if (isOfDescriptors) {
                throw e;
            }
            throw failed(e, length - bytes(head, body), deadline);
        } catch (RuntimeException | Error e) {
            if (bytes(head, body) < length) {
                tear("a thread failed within a message: " + e);
            }
            throw e;
        }
    }

    /// Writes what there is room for.
    ///
    /// @return whether that was all
    private boolean isWritten(ByteBuffer head, ByteBuffer body) throws IOException {
        transport.tryWrite(head);
        if (!head.hasRemaining()) {
            transport.tryWrite(body);
        }
        return bytes(head, body) == 0;
    }

    /// Ends the channel for a write that has failed, once it is known how the peer has ended. Whoever has sent nothing
    /// does not wait for that where there are others to send to.
    ///
    /// @param written how much of the message of this thread is out
    /// @return what to throw
    private IOException failed(IOException failure, long written, Deadline deadline) throws IOException {
        boolean waits = written > 0 || !ending.failsUnsentAtOnce();
        markFailed(failure);
        try {
            return isKnown(failure, waits ? deadline : null) ? failed(failure, written > 0) : new PeerGoneException();
        } catch (InterruptedIOException early) { // by a deadline, too
            early.bytesTransferred = (int) Math.min(written, Integer.MAX_VALUE);
            throw early;
        } catch (RuntimeException | Error e) { // such as that there is no memory to know it
            if (written > 0) {
                tear("a thread failed within a message: " + e);
            }
            throw e;
        }
    }

    /// Returns that nothing of a message was sent, until it is known how the peer has ended.
    private boolean notSent(IOException failure) throws IOException {
        if (isKnown(failure, null)) {
            throw failed(failure, false);
        }
        return false;
    }

    private boolean isKnown(IOException failure, @Nullable Deadline deadline) throws InterruptedIOException {
        return ending.isKnown("send", deadline, () -> ending.event(failure, addUnread));
    }

    /// @param begun whether a part of the message was written
    private IOException failed(IOException failure, boolean begun) {
        markFailed(failure);
        return ending.failed(failure, begun, addUnread);
    }

    /// Lets nobody write any more: whoever sends waits until it is known how the peer has ended, and a close does not.
    private void markFailed(IOException why) {
        lock.lock();
        try {
            failure = failure == null ? why : failure;
            wakeAll();
            if (lead == Lead.OURS_MOVING) {
                block();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the channel, since nobody is there to finish a message.
    private void tear(String why) {
        ending.end(new Closed.Here(why));
        markTorn();
    }

    /// Lets nothing follow, also where the channel has ended and still writes what it has.
    private void markTorn() {
        lock.lock();
        try {
            torn = true;
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    private static long bytes(ByteBuffer head, ByteBuffer body) {
        return (long) head.remaining() + body.remaining();
    }

    /// Whether a call has failed for the descriptors that were to go along, and the transport is as before.
    private boolean isOfDescriptors(IOException failure) {
        return failure instanceof ClosedChannelException
                ? transport.isOpen()
                : failure instanceof SystemCallException call && call.errno().equals(Errno.ETOOMANYREFS);
    }

    /// Takes over what a thread has left to write that gives up.
    private void keep(ByteBuffer head, ByteBuffer body, InterruptedIOException early) throws IOException {
        if (bytes(head, body) > MOST_KEPT) {
            throw cutOff(early);
        }
        try {
            keep(head, body);
        } catch (OutOfMemoryError none) {
            throw cutOff(early);
        }
    }

    private void keep(ByteBuffer head, ByteBuffer body) {
        ByteBuffer kept = ByteBuffer.allocate(head.remaining() + body.remaining())
                .put(head)
                .put(body)
                .flip();
        lock.lock();
        try {
            rest = kept;
        } finally {
            lock.unlock();
        }
    }

    private IOException cutOff(InterruptedIOException early) {
        tear("a thread gave up within a message that is too long to be kept for it");
        IOException closed = new ChannelClosedException(requireNonNull(ending.now()), true);
        closed.addSuppressed(early);
        return closed;
    }

    private boolean tryWrite(ByteBuffer message) throws IOException {
        ByteBuffer head = BufferPool.borrow();
        try {
            ByteBuffer body = layout.split(message.duplicate(), head);
            head.flip();
            ByteBuffer frame = head;
            if (body.remaining() <= head.capacity() - head.limit()) {
                head.position(head.limit()).limit(head.capacity());
                head.put(body).flip();
            } else {
                frame = ByteBuffer.allocate(head.remaining() + body.remaining())
                        .put(head)
                        .put(body)
                        .flip();
            }
            return tryWriteFrame(frame, message);
        } finally {
            BufferPool.giveBack(head);
        }
    }

    private boolean tryWriteFrame(ByteBuffer frame, ByteBuffer message) throws IOException {
        int length = frame.remaining();
        try {
            transport.tryWrite(frame);
            if (frame.remaining() == length) {
                return false;
            }
            if (frame.hasRemaining()) {
                keep(frame, NOTHING);
            }
        } catch (IOException e) {
            markFailed(e);
            if (frame.remaining() == length) {
                return notSent(e);
            }
            throw failed(e, true);
        } catch (RuntimeException | Error e) { // such as that there is no memory to keep the rest
            if (frame.remaining() < length) {
                tear("a thread failed within a message: " + e);
            }
            throw e;
        }
        message.position(message.limit());
        return true;
    }

    /// Gives the lead up: to a thread of the channel's own if something is left to write, or to the
    /// next in line.
    private void passOn() {
        lock.lock();
        try {
            if (!isLeft()) {
                giveLead();
                return;
            }
            lead = Lead.OURS;
        } finally {
            lock.unlock();
        }
        try {
            LibraryThreads.startVirtual("dyad-messages", this::writeOn);
        } catch (OutOfMemoryError noThread) {
            ending.end(new Closed.Here("there is no thread left to write on: " + noThread.getMessage()));
            writeOn();
        }
    }

    /// Returns whether something is left to write, and somebody may be there to read it. Under the lock.
    private boolean isLeft() {
        return !isOver() && (rest != null || (queued != null && queued.position() > 0));
    }

    /// Returns whether nothing goes out any more. Under the lock.
    private boolean isOver() {
        return torn || failure != null || !ending.isWritable();
    }

    /// Under the lock.
    private void giveLead() {
        boolean isOver = isOver() || shut; // then those who wait leave by themselves
        Sender next = isOver || waiting.isEmpty() ? null : waiting.removeFirst();
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
        paused.signalAll();
    }

    private void giveBackQueued() {
        if (queued != null) {
            BufferPool.giveBack(queued);
            queued = null;
        }
    }

    /// Writes what is left, until there is no more. Has the lead.
    private void writeOn() {
        try {
            for (ByteBuffer batch = next(); batch != null; batch = next()) {
                writeOn(batch);
            }
        } catch (RuntimeException | Error e) {
            tear("the thread that writes on has failed: " + e);
            boolean _ = next() == null;
        }
    }

    private void writeOn(ByteBuffer batch) {
        try {
            if (!moved(batch)) {
                block();
                transport.write(batch, NOTHING, Deadline.never());
            }
        } catch (IOException e) {
            var _ = failed(e, true);
        } finally {
            BufferPool.giveBack(batch);
        }
    }

    /// Writes what there is room for.
    ///
    /// @return whether that was all
    private boolean moved(ByteBuffer batch) throws IOException {
        int before;
        do {
            before = batch.remaining();
            transport.tryWrite(batch);
        } while (batch.hasRemaining() && batch.remaining() < before);
        return !batch.hasRemaining();
    }

    private void block() {
        lock.lock();
        try {
            lead = Lead.OURS_BLOCKED;
            paused.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Returns what is to be written next, or `null` where the lead is given up.
    private @Nullable ByteBuffer next() {
        lock.lock();
        try {
            if (!isLeft()) {
                giveLead();
                return null;
            }
            lead = Lead.OURS_MOVING;
            return take();
        } finally {
            lock.unlock();
        }
    }

    /// Takes what is to be written next, of which there is some. Under the lock.
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

    /// Queues the messages of those that wait, as far as there is room. Under the lock.
    private void admit() {
        while (!waiting.isEmpty() && isQueued(waiting.getFirst())) {
            Sender first = waiting.removeFirst();
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
}
