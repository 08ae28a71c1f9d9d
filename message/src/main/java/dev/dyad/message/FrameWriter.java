package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Writes the messages of many threads, each whole, in the order in which they were sent.
///
/// One thread at a time [has the lead][SendQueue], and only that writes. A message with none before it is written
/// at once by its own thread.
///
/// Where a deadline or an interrupt ends a thread that has written a part of its message, what is left
/// of it becomes the channel's, which writes it on. Where anything else ends it there, the channel ends,
/// since no message that follows could be told from the rest of that one.
final class FrameWriter implements SendQueue.BatchWriter {

    /// Messages up to so many bytes are copied, and go out with others.
    static final int SMALL = 1 << 14;

    /// What is left of a longer one is not kept for a thread that gives up within it: the channel ends.
    static final int MOST_KEPT = 1 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final Ending ending;
    private final FrameLayout layout;
    private final UnaryOperator<Closed> addUnread;
    final SendQueue queue;

    /// @param addUnread says more of how the peer is gone, by what is still to be read
    FrameWriter(Transport transport, Ending ending, FrameLayout layout, UnaryOperator<Closed> addUnread) {
        this.transport = transport;
        this.ending = ending;
        this.layout = layout;
        this.addUnread = addUnread;
        queue = new SendQueue(ending, layout);
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
        return switch (queue.tryBegin(message.remaining() <= SMALL ? message : null)) {
            case LEADS -> tryLead(message);
            case QUEUED -> {
                message.position(message.limit());
                yield true;
            }
            case WAITING -> false;
            case FAILED -> notSent(queue.failure());
        };
    }

    private boolean tryLead(ByteBuffer message) throws IOException {
        try {
            return tryWrite(message);
        } finally {
            passOn();
        }
    }

    /// Takes the lead, or has a small message queued, as [SendQueue#begin].
    ///
    /// @return whether the message was queued; otherwise this thread has the lead
    private boolean begin(@Nullable ByteBuffer small, boolean isLast, Deadline deadline) throws IOException {
        return switch (queue.begin(small, isLast, deadline)) {
            case QUEUED -> true;
            case LEADS -> false;
            case FAILED -> throw failed(queue.failure(), 0, deadline);
            case WAITING -> throw new AssertionError("begin returns once it waits no more");
        };
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

    /// Ends sending, after what was sent before. Threads that wait behind are refused.
    void shutdown() throws IOException {
        if (queue.isShut() || !beginLast()) {
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
        queue.flushNow(this);
    }

    /// Wakes all that wait, as the channel has ended.
    void ended() {
        queue.ended();
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

    /// Ends the channel for a write that has failed, once it is known how the peer has ended. A sender that has
    /// sent nothing does not wait for that where there are others to send to.
    ///
    /// @param written how much of the message of this thread is out
    /// @return what to throw
    private IOException failed(IOException failure, long written, Deadline deadline) throws IOException {
        boolean waits = written > 0 || !ending.failsUnsentAtOnce();
        queue.fail(failure);
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
        queue.fail(failure);
        return ending.failed(failure, begun, addUnread);
    }

    /// Ends the channel, since nobody is there to finish a message.
    private void tear(String why) {
        ending.end(new Closed.Here(why));
        queue.tear();
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
        queue.keep(ByteBuffer.allocate(head.remaining() + body.remaining())
                .put(head)
                .put(body)
                .flip());
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
            queue.fail(e);
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
        if (queue.passOn()) {
            return;
        }
        try {
            LibraryThreads.startVirtual("dyad-messages", this::writeOn);
        } catch (OutOfMemoryError noThread) {
            ending.end(new Closed.Here("there is no thread left to write on: " + noThread.getMessage()));
            writeOn();
        }
    }

    /// Writes what is left, until there is no more. Has the lead.
    private void writeOn() {
        try {
            for (ByteBuffer batch = queue.next(); batch != null; batch = queue.next()) {
                writeOn(batch);
            }
        } catch (RuntimeException | Error e) {
            tear("the thread that writes on has failed: " + e);
            boolean _ = queue.next() == null;
        }
    }

    private void writeOn(ByteBuffer batch) {
        try {
            if (!isWritten(batch)) {
                queue.block();
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
    @Override
    public boolean isWritten(ByteBuffer batch) throws IOException {
        int before;
        do {
            before = batch.remaining();
            transport.tryWrite(batch);
        } while (batch.hasRemaining() && batch.remaining() < before);
        return !batch.hasRemaining();
    }
}
