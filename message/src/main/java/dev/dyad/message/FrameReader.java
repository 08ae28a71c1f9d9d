package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Reads the messages of a channel for many threads, one at a time.
///
/// What was read of a message stays here when the thread gives up that wanted it, and the next one
/// reads on. So little is read ahead that an idle channel needs less than half a kilobyte; while much comes, a
/// buffer is borrowed.
final class FrameReader {

    /// Messages up to so many bytes are read whole; a longer one is handed out as it comes.
    static final int WHOLE = 1 << 20;

    private static final int LITTLE = 320;
    private static final long WITHIN = -1; // a body, where no message begins
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final byte[] NONE = {};
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Transport transport;
    private final Ending ending;
    private final Wire wire;
    private static final int NOBODY = 0;
    private static final int SOMEBODY = 1;
    private static final int DROPS = 2; // somebody, who is to close the descriptors that are left

    private final Turn turn = new Turn("receive");
    private final AtomicInteger users = new AtomicInteger(NOBODY);
    private volatile long limit;
    private volatile boolean keepsHeads;
    private volatile boolean handsOut; // a message as it comes, which has the turn

    // All that follows is of the thread, or of the message, that has the turn.
    private ByteBuffer little = NOTHING; // the channel's own buffer
    private ByteBuffer in = NOTHING; // what was read ahead: the channel's own buffer, or a borrowed one
    private long begin; // where in the stream that begins
    private int scanned; // bytes of it that hold no delimiter
    private byte[] first = NONE; // of the first message, if that is text and no second one has come
    private boolean plenty; // whether the last read filled its buffer
    private boolean atEnd;
    private @Nullable ByteBuffer body; // of the message under way, if its head has come
    private long left; // of a message that is handed out as it comes
    private boolean skips; // that, since nobody wants it
    private List<ArrivedDescriptors> arrived = List.of();
    private List<Descriptor> descriptors = List.of(); // of the message under way

    FrameReader(Transport transport, Ending ending, Wire wire, long limit) {
        this.transport = transport;
        this.ending = ending;
        this.wire = wire;
        this.limit = limit;
    }

    /// Descriptors that came with a read: they belong to the last message that begins in its bytes.
    private record ArrivedDescriptors(long from, long to, List<Descriptor> descriptors) {}

    /// Sets the longest message, in bytes.
    void limit(long bytes) {
        limit = bytes;
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
        return in.hasRemaining() || body != null || atEnd;
    }

    /// Begins to use what is of the turn, which [#leave] ends: once the channel has ended, the turn alone keeps nobody
    /// out.
    private void use() throws IOException {
        if (!users.compareAndSet(NOBODY, SOMEBODY)) {
            ending.requireReadable(); // or it would have been alone
            throw new IllegalStateException("a message is read by two threads at the same time");
        }
    }

    private void leave() {
        if (!users.compareAndSet(SOMEBODY, NOBODY)) {
            dropDescriptors();
            users.set(NOBODY);
        }
    }

    /// Lets nobody wait for the turn any more, and nobody read, as the channel has ended on this side.
    void ended() {
        turn.open();
    }

    /// Closes the descriptors that came for messages which nobody has received. For the one that closes the
    /// channel: a thread that still reads does so when it leaves.
    void closeDescriptors() {
        if (users.compareAndSet(NOBODY, SOMEBODY)) {
            dropDescriptors();
            users.set(NOBODY);
        } else {
            users.compareAndSet(SOMEBODY, DROPS);
        }
    }

    private void dropDescriptors() {
        arrived.forEach(some -> some.descriptors().forEach(Descriptor::close));
        arrived = List.of();
        descriptors.forEach(Descriptor::close);
        descriptors = List.of();
    }

    private @Nullable Message nextAlone(@Nullable Deadline deadline) throws IOException {
        use();
        try {
            return next(deadline);
        } finally {
            leave();
        }
    }

    private @Nullable Message next(@Nullable Deadline deadline) throws IOException {
        while (true) {
            Message message = fromWhatCame();
            if (message != null) {
                return message;
            }
            if (atEnd) {
                return deadline == null && !ending.isSettled() ? null : end();
            }
            if (!read(deadline)) {
                return null;
            }
        }
    }

    private @Nullable Message fromWhatCame() throws IOException {
        if (skips && !skip()) {
            return null;
        }
        if (body != null) {
            return rest(body);
        }
        if (!in.hasRemaining()) {
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
        return e.in(begin, shown(in.remaining()));
    }

    private @Nullable Message headed(Wire.Prefixed prefixed) throws WireException {
        int size = headSize(prefixed);
        if (size > in.remaining()) {
            return null;
        }
        long length = bodyLength(prefixed, size);
        if (keepsHeads) {
            length += size;
            size = 0;
        }
        ByteBuffer fresh = length > WHOLE ? NOTHING : ByteBuffer.allocate((int) length); // before anything is taken
        claimDescriptors(begin + size + length);
        advance(size);
        if (length > WHOLE) {
            left = length;
            handsOut = true;
            return new Message(begin, this, length, shown(length), takeDescriptors());
        }
        body = fresh;
        return rest(fresh);
    }

    private int headSize(Wire.Prefixed prefixed) throws WireException {
        int from = in.position();
        int to = in.limit();
        try {
            int size = prefixed.headSize(in);
            if (size < 1 || size > Wire.Prefixed.LONGEST_HEAD) {
                throw new WireException("a head of " + size + " bytes", 0);
            }
            return size;
        } finally {
            in.limit(to).position(from);
        }
    }

    private long bodyLength(Wire.Prefixed prefixed, int size) throws WireException {
        int from = in.position();
        int to = in.limit();
        long length;
        try {
            in.limit(from + size);
            length = prefixed.bodyLength(in);
        } finally {
            in.limit(to).position(from);
        }
        if (length < 0) {
            throw new WireException("a length below zero, " + length, 0);
        }
        requireWithinLimit(length);
        return length;
    }

    /// Returns what was read ahead of a body, its head included where that is kept.
    private byte[] shown(long length) {
        var shown = new byte[(int) Math.min(Math.min(in.remaining(), length), WireException.EXCERPT)];
        in.get(in.position(), shown);
        return shown;
    }

    private void requireWithinLimit(long length) throws WireException {
        if (length > limit) {
            throw new WireException("a message of " + length + " bytes, where the limit is " + limit, 0);
        }
    }

    /// Fills a body with what was read ahead.
    private @Nullable Message rest(ByteBuffer target) {
        int count = Math.min(target.remaining(), in.remaining());
        if (count > 0) {
            target.put(target.position(), in, in.position(), count);
            target.position(target.position() + count);
            advance(count);
        }
        if (target.hasRemaining()) {
            return null;
        }
        body = null;
        return new Message(begin - target.limit(), target.flip(), takeDescriptors());
    }

    private @Nullable Message upTo(byte delimiter) throws WireException {
        for (int i = in.position() + scanned; i < in.limit(); i++) {
            if (in.get(i) == delimiter) {
                int length = i - in.position();
                requireWithinLimit(length);
                claimDescriptors(begin + length + 1);
                ByteBuffer message = ByteBuffer.allocate(length).put(0, in, in.position(), length);
                first = begin == 0 ? shown(length) : NONE;
                advance(length + 1);
                scanned = 0;
                return new Message(begin - length - 1, message, takeDescriptors());
            }
        }
        scanned = in.remaining();
        requireWithinLimit(scanned);
        return null;
    }

    private void advance(int count) {
        in.position(in.position() + count);
        begin += count;
    }

    private @Nullable Message end() throws IOException {
        if (!in.hasRemaining() && body == null && left == 0) {
            return ending.orderly();
        }
        Closed now = ending.now();
        if (now != null) {
            throw new ChannelClosedException(now);
        }
        throw ending.failed(
                new EOFException("the end came within a message, at byte " + begin), false, this::withWords);
    }

    /// Says how the channel has ended where a write has failed: what the peer had said, which nobody has read, tells
    /// more.
    Closed seenFirst(Closed event) {
        boolean isAllThere = event instanceof Closed.ChildEnded; // so that whoever waits for more gets to the end
        try {
            if (handsOut || !turn.enter(isAllThere ? Deadline.after(PATIENCE) : null)) {
                return event;
            }
        } catch (InterruptedIOException e) {
            return event;
        }
        try {
            return users.compareAndSet(NOBODY, SOMEBODY) ? seenAlone(event) : event;
        } finally {
            turn.leave();
        }
    }

    private Closed seenAlone(Closed event) {
        try {
            if (ending.now() == null && body == null && left == 0) { // between two messages
                lookAhead();
            }
            return withWords(event);
        } catch (WireException e) {
            return new Closed.Misbehaved(here(e));
        } catch (IOException | RuntimeException e) { // which whoever receives is told
            return event;
        } finally {
            leave();
        }
    }

    /// Reads up to the next head, and requires that it is one.
    private void lookAhead() throws IOException {
        while (!in.hasRemaining() || (wire instanceof Wire.Prefixed prefixed && !isHeaded(prefixed))) {
            if (atEnd || !read(null)) {
                return;
            }
        }
    }

    private boolean isHeaded(Wire.Prefixed prefixed) throws WireException {
        int size = headSize(prefixed);
        return size <= in.remaining() && bodyLength(prefixed, size) >= 0;
    }

    /// Adds what a child had said that has ended before it sent a second message, if that is text, such as how it is
    /// to be used.
    private Closed withWords(Closed event) {
        boolean isText = wire instanceof Wire.Delimited || atEnd; // otherwise a message, which is still received
        byte[] said = begin > 0 ? first : isText ? shown(in.remaining()) : NONE;
        return event instanceof Closed.ChildEnded child ? child.having(WireException.lines(said)) : event;
    }

    /// Reads more.
    ///
    /// @return false where nothing is there, and it is not to be waited for
    private boolean read(@Nullable Deadline deadline) throws IOException {
        ByteBuffer target = body;
        if (target != null) {
            int count = read(target, deadline, WITHIN);
            begin += Math.max(count, 0);
            return took(count);
        }
        if (in.hasRemaining()) {
            return readBehind(deadline);
        }
        scanned = 0;
        if (plenty) {
            int count = readMuch();
            if (count != 0) {
                return took(count);
            }
        }
        if (little.capacity() == 0) {
            little = ByteBuffer.allocate(LITTLE);
        }
        giveBack();
        in = little.clear();
        int count = readAhead(deadline);
        plenty = count == LITTLE;
        return took(count);
    }

    private boolean took(int count) {
        atEnd = count < 0;
        return count != 0;
    }

    /// Takes what is there into a large buffer.
    private int readMuch() throws IOException {
        if (in.capacity() != BufferPool.SIZE) {
            in = BufferPool.borrow();
        }
        in.clear();
        int count = readAhead(null);
        plenty = count > LITTLE;
        if (!in.hasRemaining()) {
            giveBack();
        }
        return count;
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
        return took(count);
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

    private void giveBack() {
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
            keep(come, from, count);
            return count;
        } catch (InterruptedIOException early) { // by a deadline, too
            throw Turn.named("receive", early);
        } catch (IOException e) {
            Closed now = ending.now();
            throw now == null ? ending.failed(e) : new ChannelClosedException(now);
        }
    }

    private void keep(List<Descriptor> come, long from, int count) {
        if (come.isEmpty()) {
            return;
        }
        if (from != WITHIN) {
            arrived = arrived.isEmpty() ? new ArrayList<>() : arrived;
            arrived.add(new ArrivedDescriptors(from, from + count, come));
        } else {
            var all = new ArrayList<>(descriptors);
            all.addAll(come);
            descriptors = all;
        }
    }

    /// Takes the descriptors of the message that begins here, which are those of each read in which no
    /// other begins after it.
    private void claimDescriptors(long end) {
        for (var some = arrived.iterator(); some.hasNext(); ) {
            ArrivedDescriptors came = some.next();
            if (came.from() <= begin && begin < came.to() && end >= came.to()) {
                keep(came.descriptors(), WITHIN, 0);
                some.remove();
            } else if (came.to() <= begin) { // no message has begun there that could have them
                came.descriptors().forEach(Descriptor::close);
                some.remove();
            }
        }
    }

    private List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = descriptors;
        descriptors = List.of();
        return taken;
    }

    /// Reads a part of a message that is handed out as it comes.
    ///
    /// @return how many bytes, or -1 after the last one
    int readBody(ByteBuffer target, Deadline deadline) throws IOException {
        ending.requireReadable();
        use();
        try {
            return readOwnBody(target, deadline);
        } finally {
            leave();
        }
    }

    private int readOwnBody(ByteBuffer target, Deadline deadline) throws IOException {
        if (left == 0) {
            return -1;
        }
        int limitBefore = target.limit();
        if (target.remaining() > left) {
            target.limit(target.position() + (int) left);
        }
        try {
            return readBodyUpToLimit(target, deadline);
        } finally {
            target.limit(limitBefore);
        }
    }

    private int readBodyUpToLimit(ByteBuffer target, Deadline deadline) throws IOException {
        int count = Math.min(target.remaining(), in.remaining());
        if (count > 0) {
            target.put(target.position(), in, in.position(), count);
            target.position(target.position() + count);
            advance(count);
        } else if (target.hasRemaining()) {
            giveBack();
            count = read(target, deadline, WITHIN);
            if (count < 0) {
                atEnd = true;
                throw requireNonNull(endWithin());
            }
            begin += count;
        }
        left -= count;
        return count;
    }

    private IOException endWithin() {
        try {
            Message _ = end();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("no end is orderly within a message");
    }

    /// Takes the turn back from a message that is handed out as it comes: what is left of it is skipped.
    void leaveBody() {
        skips = left > 0;
        handsOut = false;
        turn.leave();
    }

    /// Skips what was read ahead.
    ///
    /// @return whether that is all
    private boolean skip() {
        int count = (int) Math.min(left, in.remaining());
        advance(count);
        left -= count;
        skips = left > 0;
        return !skips;
    }
}
