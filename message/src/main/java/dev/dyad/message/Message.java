package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A message that has come.
///
/// A message of up to 1 MiB is a copy that belongs to its receiver. A longer one is still to be read:
/// the next [MessageChannel#receive] waits until it was read to its end or closed. It owns the
/// descriptors that came with it until they are taken. One thread at a time may use it.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="message"}
public final class Message implements AutoCloseable {

    private final long offset;
    private final long length;
    private @Nullable ByteBuffer bytes;
    private final byte[] first; // of one that is still to be read: what had come with its head
    private @Nullable ByteBuffer partly; // the bytes that were read of them, where a call was ended early
    private final AtomicReference<@Nullable FrameReader> reader; // of one that is still to be read
    private List<Descriptor> descriptors;
    private final Runnable whenClosed;

    /// @param offset where in the stream its bytes begin
    Message(long offset, ByteBuffer bytes, List<Descriptor> descriptors) {
        this(offset, bytes, descriptors, NO_ACTION);
    }

    /// @param whenClosed what is done when it is closed
    Message(long offset, ByteBuffer bytes, List<Descriptor> descriptors, Runnable whenClosed) {
        this.offset = offset;
        length = bytes.remaining();
        this.bytes = bytes;
        first = NO_BYTES;
        this.descriptors = descriptors;
        this.whenClosed = whenClosed;
        reader = NONE;
    }

    /// One that is still to be read.
    ///
    /// @param first its first bytes, as many as have come
    Message(long offset, FrameReader reader, long length, byte[] first, List<Descriptor> descriptors) {
        this.offset = offset;
        this.length = length;
        this.first = first;
        this.descriptors = descriptors;
        this.reader = new AtomicReference<>(reader);
        whenClosed = NO_ACTION;
    }

    private static final AtomicReference<@Nullable FrameReader> NONE = new AtomicReference<>();
    private static final byte[] NO_BYTES = {};

    /// What is done when it is closed, where that is nothing.
    static final Runnable NO_ACTION = () -> {};

    /// Returns how long it is, in bytes.
    ///
    /// @return zero or more
    public long length() {
        return length;
    }

    /// Returns all of its bytes; of one that is still to be read, this reads them, waiting for the last.
    ///
    /// @return the bytes, from the position to the limit; the same buffer each time
    /// @throws IllegalStateException if some were read from [#body] before, or they are more than a
    ///     buffer holds
    /// @throws IOException if the channel ends before all have come
    public ByteBuffer bytes() throws IOException {
        return bytes(Deadline.never());
    }

    /// Returns all of its bytes, waiting for the last until `deadline`.
    ///
    /// @param deadline until when to wait; where it passes, the next call goes on with what was read
    /// @return the bytes, as [#bytes()]
    /// @throws java.net.SocketTimeoutException if the deadline has passed
    /// @throws IOException as [#bytes()]
    public ByteBuffer bytes(Deadline deadline) throws IOException {
        ByteBuffer known = bytes;
        if (known != null) {
            return known;
        }
        FrameReader source = reader.get();
        if (source == null) {
            throw new ClosedChannelException();
        }
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("no buffer holds " + length + " bytes: read them from body()");
        }
        ByteBuffer all = partly == null ? ByteBuffer.allocate((int) length) : partly;
        partly = all; // for the next call, where this one is ended early
        while (all.hasRemaining()) {
            if (source.readBody(all, deadline) < 0) {
                throw new IllegalStateException("some of it was read from body() before");
            }
        }
        leave();
        partly = null;
        bytes = all.flip();
        return requireNonNull(bytes);
    }

    /// Returns a channel of its bytes as they come, in constant memory.
    ///
    /// It waits for bytes without a limit; to close it closes the message. An interrupt ends the call
    /// that reads, and no more.
    ///
    /// @return the channel, which one thread at a time may use
    public ReadableByteChannel body() {
        ByteBuffer known = bytes;
        return known == null ? new Body() : new KnownBody(known.duplicate());
    }

    /// Returns the descriptors that came with it, which belong to the caller from now on.
    ///
    /// @return the descriptors, in the order in which they were sent; none the second time
    public List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = List.copyOf(descriptors);
        descriptors = List.of();
        return taken;
    }

    /// Closes the descriptors that were not taken. What was not read is skipped by the next receive.
    @Override
    public void close() {
        takeDescriptors().forEach(Descriptor::close);
        whenClosed.run();
        leave();
    }

    /// Returns where in the stream its bytes begin.
    long offset() {
        return offset;
    }

    boolean hasDescriptors() {
        return !descriptors.isEmpty();
    }

    boolean isStreamed() {
        return reader != NONE;
    }

    /// Returns its first bytes, as many as are known, and up to `most`.
    byte[] beginning(int most) {
        ByteBuffer known = bytes;
        if (known == null) {
            return Arrays.copyOf(first, Math.min(first.length, most));
        }
        var beginning = new byte[Math.min(known.limit(), most)];
        known.get(0, beginning);
        return beginning;
    }

    private void leave() {
        FrameReader source = reader.get();
        if (source != null && reader.compareAndSet(source, null)) {
            source.leaveBody();
        }
    }

    private final class Body implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer target) throws IOException {
            FrameReader source = reader.get();
            if (source == null) {
                throw new ClosedChannelException();
            }
            return source.readBody(target, Deadline.never());
        }

        @Override
        public boolean isOpen() {
            return reader.get() != null;
        }

        @Override
        public void close() {
            Message.this.close();
        }
    }

    private static final class KnownBody implements ReadableByteChannel {

        private final ByteBuffer unread;
        private boolean open = true;

        KnownBody(ByteBuffer unread) {
            this.unread = unread;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (!open) {
                throw new ClosedChannelException();
            }
            if (!unread.hasRemaining()) {
                return -1;
            }
            int count = Math.min(target.remaining(), unread.remaining());
            target.put(target.position(), unread, unread.position(), count);
            target.position(target.position() + count);
            unread.position(unread.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
