package dev.dyad.message;

import dev.dyad.socket.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the messages of a channel for many threads, one at a time.
///
/// What was read of a message stays here when the thread gives up that wanted it, and the next one reads on.
final class FrameReader {

    /// Messages up to so many bytes are read whole; a longer one is handed out as it comes.
    static final int WHOLE = 1 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static final byte[] NONE = {};

    private final Ending ending;
    private final Wire wire;
    private final FrameHead head;
    private final ReadingTurn turn;
    private volatile boolean keepsHeads;
    private volatile boolean isStreaming; // a message is read as it comes, and has the turn
    private volatile byte[] onlyLine = NONE; // the first message, if that is text, until it is closed or another comes

    // All that follows is of the thread, or of the message, that has the turn.
    private final MessageDescriptors descriptors = new MessageDescriptors();
    private final ReadAhead ahead;
    private final LongBody longBody;
    private int scanned; // bytes that were read ahead and hold no delimiter
    private @Nullable ByteBuffer body; // of the message under way, if its head has come

    FrameReader(Transport transport, Ending ending, Wire wire, long limit) {
        this.ending = ending;
        this.wire = wire;
        turn = new ReadingTurn(ending, descriptors);
        head = new FrameHead(limit);
        ahead = new ReadAhead(transport, ending, descriptors);
        longBody = new LongBody(ahead);
    }

    /// Sets the longest message, in bytes.
    void limit(long bytes) {
        head.limit(bytes);
    }

    /// Has messages begin with their heads, for an exchange that reads more there than a length. Before the first one.
    void keepHeads() {
        keepsHeads = true;
    }

    /// Receives a message.
    ///
    /// @param deadline until when to wait, or `null` to take what is there
    /// @return the message; or `null` after the last one, or where nothing whole is there
    @Nullable
    Message receive(@Nullable Deadline deadline) throws IOException {
        if (!turn.enter(deadline)) {
            ending.requireReadable();
            return null;
        }
        Message message = null;
        try {
            ending.requireReadable();
            message = nextAlone(deadline);
            return message;
        } finally {
            if (message == null || !message.isStreamed()) {
                turn.leave();
            }
        }
    }

    /// Returns whether bytes, or the end, were read that nobody has received. For the one thread that receives.
    boolean hasReadAhead() {
        return !ahead.isEmpty() || body != null || ahead.isAtEnd();
    }

    /// Lets nobody wait for the turn any more, and nobody read, as the channel has ended on this side.
    void ended() {
        turn.open();
    }

    /// Closes the descriptors that came for messages which nobody has received.
    void closeDescriptors() {
        turn.closeDescriptors();
    }

    private @Nullable Message nextAlone(@Nullable Deadline deadline) throws IOException {
        turn.use();
        try {
            return next(deadline);
        } finally {
            turn.endUse();
        }
    }

    private @Nullable Message next(@Nullable Deadline deadline) throws IOException {
        while (true) {
            Message message = fromWhatCame();
            if (message != null) {
                return message;
            }
            if (ahead.isAtEnd()) {
                return isKnown(deadline) ? end() : null;
            }
            if (!read(deadline)) {
                return null;
            }
        }
    }

    private @Nullable Message fromWhatCame() throws IOException {
        if (!longBody.skip()) {
            return null;
        }
        if (body != null) {
            return rest(body);
        }
        if (ahead.isEmpty()) {
            return null;
        }
        try {
            return switch (wire) {
                case Wire.Prefixed prefixed -> headed(prefixed);
                case Wire.Delimited delimited -> upTo(delimited.delimiter());
            };
        } catch (WireException e) {
            throw ending.failed(here(e));
        }
    }

    private WireException here(WireException e) {
        return e.in(ahead.begin(), ahead.shown(WireException.EXCERPT));
    }

    private @Nullable Message headed(Wire.Prefixed prefixed) throws WireException {
        ByteBuffer in = ahead.bytes();
        int size = FrameHead.size(prefixed, in);
        if (size > in.remaining()) {
            return null;
        }
        long length = head.bodyLength(prefixed, in, size);
        if (keepsHeads) {
            length += size;
            size = 0;
        }
        ByteBuffer fresh = length > WHOLE ? NOTHING : ByteBuffer.allocate((int) length); // before anything is taken
        descriptors.claim(ahead.begin(), ahead.begin() + size + length);
        ahead.advance(size);
        if (length > WHOLE) {
            longBody.begin(length);
            isStreaming = true;
            return new Message(ahead.begin(), this, length, ahead.shown(length), descriptors.take());
        }
        body = fresh;
        return rest(fresh);
    }

    /// Fills a body with what was read ahead.
    private @Nullable Message rest(ByteBuffer target) {
        int _ = ahead.moveTo(target);
        if (target.hasRemaining()) {
            return null;
        }
        body = null;
        return new Message(ahead.begin() - target.limit(), target.flip(), descriptors.take());
    }

    private @Nullable Message upTo(byte delimiter) throws WireException {
        ByteBuffer in = ahead.bytes();
        for (int i = in.position() + scanned; i < in.limit(); i++) {
            if (in.get(i) == delimiter) {
                return line(in, i - in.position());
            }
        }
        scanned = in.remaining();
        head.requireWithinLimit(scanned);
        return null;
    }

    private Message line(ByteBuffer in, int length) throws WireException {
        head.requireWithinLimit(length);
        long begin = ahead.begin();
        descriptors.claim(begin, begin + length + 1);
        ByteBuffer message = ByteBuffer.allocate(length).put(0, in, in.position(), length);
        boolean isFirst = begin == 0;
        onlyLine = isFirst ? ahead.shown(length) : NONE;
        ahead.advance(length + 1);
        scanned = 0;
        return new Message(begin, message, descriptors.take(), isFirst ? () -> onlyLine = NONE : Message.NO_ACTION);
    }

    private boolean isKnown(@Nullable Deadline deadline) throws InterruptedIOException {
        boolean isAtEnd = isBetweenMessages();
        return ending.isKnown(
                "receive", deadline, () -> isAtEnd ? ending.afterLast() : ending.event(cut(), this::withWhatItSent));
    }

    private @Nullable Message end() throws IOException {
        if (isBetweenMessages()) {
            return ending.orderly();
        }
        throw cutOff();
    }

    private boolean isBetweenMessages() {
        return ahead.isEmpty() && body == null && !longBody.isLeft();
    }

    private EOFException cut() {
        return new EOFException("the end came within a message, at byte " + ahead.begin());
    }

    private IOException cutOff() {
        Closed now = ending.now();
        return now == null ? ending.failed(cut(), false, this::withWhatItSent) : new ChannelClosedException(now);
    }

    /// Adds to an event what the peer had sent and nobody has read: it often says why. Reads what is there; if a child
    /// has ended, waits for a thread that reads, a second at most.
    Closed withUnread(Closed event) {
        boolean isAllThere = event instanceof Closed.ChildEnded; // so a thread that waits gets to the end
        try {
            if (isStreaming || !turn.enter(isAllThere ? Deadline.after(ChildPeer.PATIENCE) : null)) {
                return event;
            }
        } catch (InterruptedIOException e) {
            return event;
        }
        try {
            return turn.tryUse() ? withUnreadAlone(event) : event;
        } finally {
            turn.leave();
        }
    }

    private Closed withUnreadAlone(Closed event) {
        try {
            if (ending.now() == null && body == null && !longBody.isLeft()) { // between two messages
                lookAhead();
            }
            return withWhatItSent(event);
        } catch (WireException e) {
            return new Closed.Misbehaved(here(e));
        } catch (IOException | RuntimeException e) { // which a receive reports
            return event;
        } finally {
            turn.endUse();
        }
    }

    /// Reads up to the next head, and requires that it is one.
    private void lookAhead() throws IOException {
        while (ahead.isEmpty() || (wire instanceof Wire.Prefixed prefixed && !head.isThere(prefixed, ahead.bytes()))) {
            if (ahead.isAtEnd() || !ahead.read(null)) {
                return;
            }
        }
    }

    /// Adds what a child that has ended had said before it sent a second message, if that is text, such as how
    /// it is to be used. Not once its receiver has closed it: then it was an answer, and for nobody else.
    private Closed withWhatItSent(Closed event) {
        boolean isText = wire instanceof Wire.Delimited || ahead.isAtEnd(); // or a message, still to be received
        byte[] said = ahead.begin() > 0 ? onlyLine : isText ? ahead.shown(WireException.EXCERPT) : NONE;
        return event instanceof Closed.ChildEnded child ? child.withLinesBefore(WireException.lines(said)) : event;
    }

    /// Reads more, as [ReadAhead#read].
    private boolean read(@Nullable Deadline deadline) throws IOException {
        return body == null ? ahead.read(deadline) : ahead.readInto(body, deadline) != 0;
    }

    /// Reads a part of a message that is handed out as it comes.
    ///
    /// @return how many bytes, or -1 after the last one
    int readBody(ByteBuffer target, Deadline deadline) throws IOException {
        ending.requireReadable();
        turn.use();
        try {
            if (!longBody.isLeft()) {
                return -1;
            }
            int count = longBody.read(target, deadline);
            if (count < 0) {
                throw cutOff();
            }
            return count;
        } finally {
            turn.endUse();
        }
    }

    /// Takes the turn back from a message that is handed out as it comes: what is left of it is skipped.
    void leaveBody() {
        longBody.leave();
        isStreaming = false;
        turn.leave();
    }
}
