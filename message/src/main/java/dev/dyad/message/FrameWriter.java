package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes the messages of many threads, each whole, in the order in which they were sent.
///
/// One thread at a time has the lead, and only that writes. A message that comes meanwhile is copied to
/// a buffer, if it is small, and goes out with others by one call, made by a thread of the channel's
/// own. Where there is no room in the buffer, or the message is large, its thread waits until it is
/// given the lead or the room. A message that nobody is before is written at once by its own thread.
///
/// Where a deadline or an interrupt ends a thread that has written a part of its message, what is left
/// of it becomes the channel's, which writes it on.
final class FrameWriter {

    /// Messages up to so many bytes are copied, and go out with others.
    static final int SMALL = 1 << 14;

    /// What is left of a longer one is not kept for a thread that gives up within it: the channel ends.
    static final int MOST_KEPT = 1 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final Ending ending;
    private final FrameLayout layout;
    private final ReentrantLock lock = new ReentrantLock();

    private boolean led; // whether a thread has the lead; under the lock, as all that follows
    private boolean shut;
    private @Nullable ByteBuffer rest; // of a message that a thread has begun; goes out first
    private @Nullable ByteBuffer queued; // small messages that go out next
    private final ArrayDeque<Sender> waiting = new ArrayDeque<>(0);

    FrameWriter(Transport transport, Ending ending, FrameLayout layout) {
        this.transport = transport;
        this.ending = ending;
        this.layout = layout;
    }

    /// A thread that waits for its turn.
    private static final class Sender {
        final Thread thread = Thread.currentThread();
        final @Nullable ByteBuffer small; // its message, if that may be copied
        State state = State.WAITING;

        Sender(@Nullable ByteBuffer small) {
            this.small = small;
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
        layout.check(message);
        boolean isSmall = message.remaining() <= SMALL && descriptors.isEmpty();
        if (begin(isSmall ? message : null, deadline)) {
            message.position(message.limit());
            return;
        }
        try {
            if (isSmall) {
                writeSmall(message, deadline);
            } else {
                writeLarge(message, descriptors, deadline);
            }
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
        lock.lock();
        try {
            requireOpen();
            if (led) {
                boolean sent = isSmall && waiting.isEmpty() && queue(message);
                message.position(sent ? message.limit() : message.position());
                return sent;
            }
            led = true;
        } finally {
            lock.unlock();
        }
        try {
            return tryWrite(message);
        } finally {
            passOn();
        }
    }

    /// Sends a message that is too large to be in memory, piece by piece. Where it ends early, the
    /// channel ends.
    void send(ReadableByteChannel body, long length, Deadline deadline) throws IOException {
        boolean _ = begin(null, deadline);
        ByteBuffer piece = BufferPool.borrow();
        try {
            layout.putHead(length, piece);
            int written = writePiece(piece.flip(), false, deadline);
            for (long left = length; left > 0; ) {
                piece.clear().limit((int) Math.min(left, piece.capacity()));
                left -= fill(piece, body, left, length);
                writePiece(piece.flip(), written > 0, deadline);
            }
        } finally {
            BufferPool.giveBack(piece);
            passOn();
        }
    }

    /// Writes a piece of a message that nobody could finish.
    private int writePiece(ByteBuffer piece, boolean begun, Deadline deadline) throws IOException {
        int length = piece.remaining();
        try {
            transport.write(piece, NOTHING, deadline);
            return length;
        } catch (InterruptedIOException early) { // by a deadline, too
            if (begun || piece.remaining() < length) {
                throw cutOff(early);
            }
            throw early;
        } catch (IOException e) {
            throw ending.failed(e, true);
        }
    }

    private int fill(ByteBuffer piece, ReadableByteChannel body, long left, long length) throws IOException {
        boolean filled = false;
        try {
            if (body.read(piece) < 0) {
                throw new EOFException("the body ended after " + (length - left) + " of " + length + " bytes");
            }
            filled = true;
            return piece.position();
        } finally {
            if (!filled) {
                ending.end(new Closed.Here(
                        "the body of a message failed after " + (length - left) + " of " + length + " bytes"));
            }
        }
    }

    /// Ends sending, after what was sent before.
    void shutdown() throws IOException {
        lock.lock();
        try {
            if (shut) {
                return;
            }
        } finally {
            lock.unlock();
        }
        boolean _ = begin(null, Deadline.never());
        try {
            markShut();
            transport.shutdownOutput();
        } catch (IOException e) {
            throw ending.failed(e);
        } finally {
            passOn();
        }
    }

    private void markShut() {
        lock.lock();
        try {
            shut = true;
        } finally {
            lock.unlock();
        }
    }

    /// Writes what there is room for of the messages that are queued, as the channel is closed.
    void flushNow() {
        lock.lock();
        try {
            ByteBuffer batch = queued;
            if (led || batch == null) {
                return;
            }
            transport.tryWrite(batch.flip());
        } catch (IOException e) {
            // nobody is left to hear of it
        } finally {
            lock.unlock();
        }
    }

    /// Wakes all that wait, as the channel has ended.
    void ended() {
        lock.lock();
        try {
            for (Sender sender : waiting) {
                LockSupport.unpark(sender.thread);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes the lead, or has a small message queued.
    ///
    /// @return whether the message was queued; otherwise this thread has the lead
    private boolean begin(@Nullable ByteBuffer small, Deadline deadline) throws IOException {
        Sender sender;
        lock.lock();
        try {
            requireOpen();
            if (!led) {
                led = true;
                return false;
            }
            if (small != null && waiting.isEmpty() && queue(small)) {
                return true;
            }
            sender = new Sender(small);
            waiting.add(sender);
        } finally {
            lock.unlock();
        }
        return await(sender, deadline);
    }

    private void requireOpen() throws IOException {
        ending.requireWritable();
        if (shut) {
            throw new ClosedChannelException();
        }
    }

    private boolean await(Sender sender, Deadline deadline) throws IOException {
        while (true) {
            boolean isInterrupted = Thread.currentThread().isInterrupted();
            boolean isOver = isInterrupted || deadline.hasPassed() || !ending.isWritable();
            lock.lock();
            try {
                if (sender.state != State.WAITING) {
                    return sender.state == State.QUEUED;
                }
                if (isOver) {
                    waiting.remove(sender);
                    ending.requireWritable();
                    throw isInterrupted
                            ? new InterruptedIOException("send: the thread was interrupted; nothing of it was sent")
                            : new SocketTimeoutException("send: the deadline has passed; nothing of it was sent");
                }
            } finally {
                lock.unlock();
            }
            park(deadline);
        }
    }

    private void park(Deadline deadline) {
        if (deadline.isLimited()) {
            LockSupport.parkNanos(this, Turn.patience(deadline));
        } else {
            LockSupport.park(this);
        }
    }

    /// Puts a message behind those that are queued, if there is room. Under the lock.
    private boolean queue(ByteBuffer message) {
        ByteBuffer target = queued;
        if (target == null) {
            target = BufferPool.borrow();
            queued = target;
        }
        return layout.put(message.duplicate(), target);
    }

    private void writeSmall(ByteBuffer message, Deadline deadline) throws IOException {
        ByteBuffer frame = BufferPool.borrow();
        try {
            boolean _ = layout.put(message.duplicate(), frame);
            write(frame.flip(), NOTHING, deadline);
        } finally {
            BufferPool.giveBack(frame);
        }
        message.position(message.limit());
    }

    private void writeLarge(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        ByteBuffer head = BufferPool.borrow();
        try {
            ByteBuffer body = layout.split(message.duplicate(), head);
            head.flip();
            if (!descriptors.isEmpty()) {
                sendFirst(head.hasRemaining() ? head : body, descriptors, deadline);
            }
            write(head, body, deadline);
        } finally {
            BufferPool.giveBack(head);
        }
        message.position(message.limit());
    }

    /// Writes the first part of a message, with which the descriptors go.
    private void sendFirst(ByteBuffer first, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        int before = first.remaining();
        try {
            transport.send(first, descriptors, deadline);
        } catch (InterruptedIOException early) {
            throw first.remaining() == before ? early : cutOff(early);
        } catch (IOException e) {
            throw ending.failed(e);
        }
    }

    private void write(ByteBuffer head, ByteBuffer body, Deadline deadline) throws IOException {
        int length = head.remaining() + body.remaining();
        try {
            transport.write(head, body, deadline);
        } catch (InterruptedIOException early) { // by a deadline, too
            int left = head.remaining() + body.remaining();
            if (left < length) {
                keep(head, body, left, early);
                early.bytesTransferred = length - left;
            }
            throw early;
        } catch (IOException e) {
            throw ending.failed(e, head.remaining() + body.remaining() < length);
        }
    }

    /// Takes over what a thread has left to write that gives up.
    private void keep(ByteBuffer head, ByteBuffer body, int left, InterruptedIOException early) throws IOException {
        if (left > MOST_KEPT) {
            throw cutOff(early);
        }
        ByteBuffer kept = ByteBuffer.allocate(left).put(head).put(body).flip();
        lock.lock();
        try {
            rest = kept;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the channel, since nobody is there to finish a message.
    private IOException cutOff(InterruptedIOException early) {
        ending.end(new Closed.Here("a thread gave up within a message that is too long to be kept for it"));
        IOException closed = ending.failed(early, true);
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
        } catch (IOException e) {
            throw ending.failed(e);
        }
        if (frame.remaining() == length) {
            return false;
        }
        if (frame.hasRemaining()) {
            keep(frame, NOTHING, frame.remaining(), new InterruptedIOException());
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

    /// Returns whether something is left to write. Under the lock.
    private boolean isLeft() {
        return ending.isWritable() && (rest != null || queued != null && queued.position() > 0);
    }

    /// Under the lock.
    private void giveLead() {
        Sender next = waiting.poll();
        if (next != null) {
            next.state = State.LEADS;
            LockSupport.unpark(next.thread);
            return;
        }
        led = false;
        if (queued != null) {
            BufferPool.giveBack(queued);
            queued = null;
        }
    }

    /// Writes what is left, until there is no more. Has the lead.
    private void writeOn() {
        for (ByteBuffer batch = next(); batch != null; batch = next()) {
            try {
                transport.write(batch, NOTHING, Deadline.never());
            } catch (IOException e) {
                var _ = ending.failed(e);
            } finally {
                BufferPool.giveBack(batch);
            }
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
            ByteBuffer batch = rest;
            if (batch == null) {
                batch = requireNonNull(queued).flip();
                queued = null;
                admit();
            }
            rest = null;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Queues the messages of those that wait, as far as there is room. Under the lock.
    private void admit() {
        for (Sender first = waiting.peek(); first != null; first = waiting.peek()) {
            if (first.small == null || !queue(first.small)) {
                return;
            }
            first.state = State.QUEUED;
            LockSupport.unpark(first.thread);
            waiting.remove();
        }
    }
}
