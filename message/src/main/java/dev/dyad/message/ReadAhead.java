package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What was read of a stream and belongs to no message yet. For one thread at a time.
///
/// So little is read ahead that an idle channel needs less than half a kilobyte; while much comes, a buffer is
/// borrowed.
final class ReadAhead {

    private static final int LITTLE = 256;
    private static final long WITHIN = -1; // a body, where no message begins
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final Ending ending;
    private final MessageDescriptors descriptors;
    private ByteBuffer little = NOTHING; // the channel's own buffer
    private ByteBuffer in = NOTHING; // the channel's own buffer, or a borrowed one
    private long begin; // where in the stream that begins
    private boolean plenty; // whether the last read filled its buffer
    private boolean atEnd;

    /// @param descriptors where those go that come along
    ReadAhead(Transport transport, Ending ending, MessageDescriptors descriptors) {
        this.transport = transport;
        this.ending = ending;
        this.descriptors = descriptors;
    }

    /// Returns what was read, from the position to the limit, until more is read.
    ByteBuffer bytes() {
        return in;
    }

    boolean isEmpty() {
        return !in.hasRemaining();
    }

    /// Returns where in the stream it begins.
    long begin() {
        return begin;
    }

    /// Returns whether the end of the stream was read.
    boolean isAtEnd() {
        return atEnd;
    }

    void advance(int count) {
        in.position(in.position() + count);
        begin += count;
    }

    /// Moves to a buffer as much as goes into it.
    ///
    /// @return how many bytes
    int moveTo(ByteBuffer target) {
        int count = Math.min(target.remaining(), in.remaining());
        if (count > 0) {
            target.put(target.position(), in, in.position(), count);
            target.position(target.position() + count);
            advance(count);
        }
        return count;
    }

    /// Returns the first bytes of so many, for an excerpt.
    byte[] shown(long length) {
        var shown = new byte[(int) Math.min(Math.min(in.remaining(), length), WireException.EXCERPT)];
        in.get(in.position(), shown);
        return shown;
    }

    /// Reads into the body of a message, while nothing is read ahead.
    ///
    /// @return how many bytes, or -1 at the end
    int readInto(ByteBuffer body, @Nullable Deadline deadline) throws IOException {
        int count = read(body, deadline, WITHIN);
        begin += Math.max(count, 0);
        atEnd = count < 0;
        return count;
    }

    /// Reads more.
    ///
    /// @return false where nothing is there, and it is not to be waited for
    boolean read(@Nullable Deadline deadline) throws IOException {
        if (in.hasRemaining()) {
            return readBehind(deadline);
        }
        if (plenty) {
            int count = readMuch();
            if (count != 0) {
                return noteEnd(count);
            }
        }
        if (little.capacity() == 0) {
            little = ByteBuffer.allocate(LITTLE);
        }
        giveBack();
        in = little.clear();
        int count = readAhead(deadline);
        plenty = count == LITTLE;
        return noteEnd(count);
    }

    /// Notes whether that was the end.
    ///
    /// @return whether something came, be it the end
    private boolean noteEnd(int count) {
        atEnd = count < 0;
        return count != 0;
    }

    /// Takes what is there into a large buffer.
    private int readMuch() throws IOException {
        if (in.capacity() != BufferPool.SIZE) {
            in = BufferPool.borrow();
        }
        in.clear();
        try {
            int count = readAhead(null);
            plenty = count > LITTLE;
            return count;
        } finally {
            if (!in.hasRemaining()) { // also where that has failed
                giveBack();
            }
        }
    }

    /// Reads behind a part of a head, or of a message whose delimiter has not come.
    private boolean readBehind(@Nullable Deadline deadline) throws IOException {
        if (in.limit() == in.capacity()) {
            if (in.position() == 0) {
                grow();
            } else {
                in.compact().flip();
            }
        }
        int from = in.position();
        int to = in.limit();
        in.position(to).limit(in.capacity());
        int count = 0;
        try {
            count = read(in, deadline, begin + to - from);
        } finally {
            in.limit(to + Math.max(count, 0)).position(from);
        }
        return noteEnd(count);
    }

    private void grow() {
        ByteBuffer larger = in.capacity() < BufferPool.SIZE
                ? BufferPool.borrow()
                : ByteBuffer.allocate((int) Math.min(2L * in.capacity(), Integer.MAX_VALUE - 8));
        larger.put(in).flip();
        giveBack();
        in = larger;
    }

    private int readAhead(@Nullable Deadline deadline) throws IOException {
        int count = 0;
        try {
            count = read(in, deadline, begin);
            return count;
        } finally {
            in.limit(Math.max(count, 0)).position(0);
        }
    }

    /// Gives a borrowed buffer back, while nothing is read ahead.
    void giveBack() {
        BufferPool.giveBack(in);
        in = NOTHING;
    }

    /// Reads into a buffer.
    ///
    /// @param from where in the stream it reads, if messages may begin there, or [#WITHIN]
    private int read(ByteBuffer target, @Nullable Deadline deadline, long from) throws IOException {
        List<Descriptor> come = transport.takesDescriptors() ? new ArrayList<>(0) : List.of();
        try {
            int count = deadline == null ? transport.tryRead(target, come) : transport.read(target, come, deadline);
            if (from == WITHIN) {
                descriptors.addToCurrent(come);
            } else {
                descriptors.add(come, from, count);
            }
            return count;
        } catch (InterruptedIOException early) { // by a deadline, too
            throw Turn.endedEarly("receive", early);
        } catch (IOException e) {
            if (!ending.isKnown("receive", deadline, () -> ending.event(e, UnaryOperator.identity()))) {
                return 0;
            }
            Closed now = ending.now();
            throw now == null ? ending.failed(e) : new ChannelClosedException(now);
        }
    }
}
