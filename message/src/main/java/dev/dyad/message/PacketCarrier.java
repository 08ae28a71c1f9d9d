package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Messages that are packets already: the kernel keeps them whole, so that no one leaves half of one.
final class PacketCarrier implements MessageCarrier {

    private static final int MOST_DESCRIPTORS = 253;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final MessageSocket end;
    private final Ending ending;
    private final Turn turn = new Turn("receive"); // from the look at a packet until it is received
    private volatile long limit;
    private volatile boolean shut;

    PacketCarrier(MessageSocket end, Ending ending, long limit) {
        this.end = end;
        this.ending = ending;
        this.limit = limit;
        end.keepOpenWhenInterrupted();
    }

    @Override
    public void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        requireOpen();
        try {
            end.send(message.duplicate(), descriptors, deadline);
        } catch (InterruptedIOException early) { // by a deadline, too
            throw early;
        } catch (IOException e) {
            throw refused(e);
        }
        message.position(message.limit());
    }

    /// Returns what to throw for a failed call: a packet that is too long is the caller's mistake, and
    /// ends nothing.
    private IOException refused(IOException failure) {
        return failure instanceof SystemCallException call && call.errno().equals(Errno.EMSGSIZE)
                ? failure
                : ending.failed(failure);
    }

    @Override
    public void send(ReadableByteChannel body, long length, Deadline deadline) {
        throw new UnsupportedOperationException("a packet goes out at once: send it from a buffer");
    }

    @Override
    public boolean trySend(ByteBuffer message) throws IOException {
        requireOpen();
        try {
            if (!end.trySend(message.duplicate())) {
                return false;
            }
        } catch (IOException e) {
            throw refused(e);
        }
        message.position(message.limit());
        return true;
    }

    private void requireOpen() throws IOException {
        ending.requireWritable();
        if (shut) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public @Nullable Message receive(@Nullable Deadline deadline) throws IOException {
        if (!turn.enter(deadline)) {
            return null;
        }
        try {
            return next(deadline);
        } catch (InterruptedIOException early) { // by a deadline, too
            throw Turn.endedEarly("receive", early);
        } catch (ChannelClosedException known) {
            throw known;
        } catch (IOException e) {
            throw ending.failed(e);
        } finally {
            turn.leave();
        }
    }

    private @Nullable Message next(@Nullable Deadline deadline) throws IOException {
        ending.requireReadable();
        long length;
        try (Received seen = deadline == null ? end.tryPeek(NOTHING) : end.peek(NOTHING, deadline)) {
            if (seen == null) {
                return null;
            }
            if (seen.isEnd()) {
                return ending.orderly();
            }
            length = seen.fullLength();
        }
        if (length > limit) {
            throw WireException.tooLong(length, limit);
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        try (Received received = end.receive(bytes, MOST_DESCRIPTORS, Deadline.never())) {
            return new Message(0, bytes.flip(), received.takeDescriptors());
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        shut = true;
        end.shutdownOutput();
    }

    @Override
    public void limit(long bytes) {
        limit = bytes;
    }

    @Override
    public void flushNow() {
        // nothing is queued
    }

    @Override
    public void ended(Closed event) {
        if (Ending.isOver(event)) {
            turn.open();
            try {
                end.close();
            } catch (IOException e) {
                // the close of the channel tells it
            }
        } else if (event instanceof Closed.Broken) {
            end.endWaiting(Deadline.after(Ending.LAST_WORD), () -> new ChannelClosedException(event));
        }
    }

    @Override
    public void close() throws IOException {
        end.close();
    }

    @Override
    public String toString() {
        return "packets, " + end;
    }
}
