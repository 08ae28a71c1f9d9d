package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What goes over a channel of Node's besides messages: handles, and the answers to them.
///
/// There is no thread that reads. One of those that want something reads for all, be it a message or the
/// answer to a handle: messages are kept for threads that receive, up to a limit.
final class NodeExchange {

    /// How often a handle is sent that does not arrive: once, and three times again, as Node does.
    static final int ATTEMPTS = 4;

    private static final String HANDLE = "NODE_HANDLE";
    private static final String OF_A_USER = "";
    private static final String ANSWER = "send: no answer to a handle";

    private final MessageChannel channel;
    private final NodeAnswers answers;

    /// Many threads send messages at the same time; one that sends a handle is alone, until that is answered.
    private final ReentrantReadWriteLock order = new ReentrantReadWriteLock(true);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All that follows is under the lock.
    private final KeptMessages kept = new KeptMessages();
    private boolean reads; // whether a thread does
    private boolean peerIsGone; // so that what is left to read is little
    private @Nullable Handover handover; // the handle that is not answered yet

    NodeExchange(MessageChannel channel) {
        this.channel = channel;
        answers = new NodeAnswers(channel);
        var _ = channel.onClosed().thenRun(this::tellChange);
    }

    /// A handle that was sent.
    private static final class Handover {
        private boolean answered;
        private boolean refused;
        private boolean abandoned; // by its thread, so that its answer is only waited for
    }

    /// Lets threads that wait for room see that nothing more comes than what is on its way.
    void peerIsGone() {
        lock.lock();
        try {
            peerIsGone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tellChange() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Closes what was not received.
    void close() {
        lock.lock();
        try {
            kept.close();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Receives a message.
    ///
    /// @param deadline until when to wait, or `null` to take what is there
    /// @return the message; or `null` after the last one, or where none is there
    @Nullable
    NodeMessage receive(@Nullable Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (true) {
                NodeMessage first = take();
                if (first != null) {
                    return first;
                }
                if (!reads) {
                    if (!read(deadline)) {
                        return take();
                    }
                } else if (deadline == null) {
                    return null;
                } else {
                    awaitChange("receive", deadline);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable NodeMessage take() {
        NodeMessage first = kept.poll();
        if (first != null) {
            changed.signalAll(); // there is room again
        }
        return first;
    }

    /// Reads a message, whatever thread it is for. Called under the lock, which it leaves meanwhile.
    ///
    /// @return false after the last one, or where none is there and it is not to be waited for
    private boolean read(@Nullable Deadline deadline) throws IOException {
        reads = true;
        lock.unlock();
        try {
            Message message = deadline == null ? channel.tryReceive() : channel.receive(deadline);
            if (message == null) {
                return false;
            }
            try (message) {
                took(message);
            }
            return true;
        } finally {
            lock.lock();
            reads = false;
            changed.signalAll();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // those who call it look again
    private void awaitChange(String call, Deadline deadline) throws IOException {
        if (deadline.hasPassed()) {
            throw new SocketTimeoutException(call + ": the deadline has passed");
        }
        try {
            boolean _ = changed.await(deadline.nanosToNextLook(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(call + ": the thread was interrupted");
        }
    }

    private void took(Message message) throws IOException {
        ByteBuffer text = message.bytes();
        NodeJson json;
        try {
            json = NodeJson.of(text);
        } catch (WireException e) {
            throw channel.misbehaved(e, message);
        }
        String command = Objects.requireNonNullElse(json.internalCommand(), OF_A_USER);
        if (HANDLE.equals(command)) {
            tookHandle(json, message);
        } else if (message.hasDescriptors()) {
            throw channel.misbehaved("a descriptor without " + HANDLE, message);
        } else if (NodeAnswers.ACK.equals(command) || NodeAnswers.NACK.equals(command)) {
            tookAnswer(command, message);
        } else if (OF_A_USER.equals(command)) {
            boolean _ = keep(new NodeMessage(text));
        } // what else Node says to itself is not for us, as it is not for a script
    }

    private void tookHandle(NodeJson json, Message message) throws IOException {
        NodeHandle kind = NodeHandle.named(json.type());
        ByteBuffer inner = json.message();
        if (kind == null || inner == null) {
            throw channel.misbehaved(
                    HANDLE + (kind == null ? " without a type that Node has" : " without msg"), message);
        }
        List<Descriptor> handles = message.takeDescriptors();
        if (handles.isEmpty()) { // the kernel had no room for it
            answers.send(NodeAnswers.NACK, message);
            return;
        }
        if (handles.size() > 1) {
            handles.forEach(Descriptor::close);
            throw channel.misbehaved("two descriptors with one " + HANDLE, message);
        }
        var whole = new NodeMessage(inner, kind, handles.getFirst());
        boolean isKept = false;
        try {
            answers.send(NodeAnswers.ACK, message);
            isKept = NodeJson.of(inner).internalCommand() == null && keep(whole);
        } finally {
            if (!isKept) {
                whole.close();
            }
        }
    }

    private void tookAnswer(String command, Message message) throws IOException {
        lock.lock();
        try {
            Handover waiting = handover;
            if (waiting == null || waiting.answered) {
                throw channel.misbehaved(command + " where no handle waits for it", message);
            }
            waiting.answered = true;
            waiting.refused = NodeAnswers.NACK.equals(command);
            if (waiting.abandoned) {
                handover = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean keep(NodeMessage message) {
        lock.lock();
        try {
            return kept.add(message);
        } finally {
            lock.unlock();
        }
    }

    /// Sends a message, behind a handle that waits for its answer.
    void send(ByteBuffer json, Deadline deadline) throws IOException {
        Lock turn = order.readLock();
        enter(turn, deadline);
        try {
            until(() -> handover == null, deadline);
            channel.send(json, deadline);
        } finally {
            turn.unlock();
        }
    }

    /// Sends a message with a handle, and returns when it has arrived.
    ///
    /// @param line the message, as Node frames one with a handle
    void send(ByteBuffer line, DescriptorSource handle, Deadline deadline) throws IOException {
        Lock turn = order.writeLock();
        enter(turn, deadline);
        try {
            until(() -> handover == null, deadline);
            for (int i = 0; i < ATTEMPTS; i++) {
                if (hasArrived(line.duplicate(), handle, deadline)) {
                    return;
                }
            }
            throw new NodeHandleRefusedException(ATTEMPTS);
        } finally {
            turn.unlock();
        }
    }

    private static void enter(Lock turn, Deadline deadline) throws IOException {
        try {
            while (!turn.tryLock(deadline.nanosToNextLook(), TimeUnit.NANOSECONDS)) {
                if (deadline.hasPassed()) {
                    throw new SocketTimeoutException("send: the deadline has passed; nothing of it was sent");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("send: the thread was interrupted; nothing of it was sent");
        }
    }

    private boolean hasArrived(ByteBuffer line, DescriptorSource handle, Deadline deadline) throws IOException {
        int length = line.remaining();
        var mine = new Handover();
        begin(mine);
        boolean isSent = false;
        try {
            channel.send(line, List.of(handle), deadline);
            isSent = true;
            until(() -> mine.answered, deadline);
            return !mine.refused;
        } catch (InterruptedIOException early) { // by the deadline, too
            isSent |= early.bytesTransferred > 0;
            if (isSent) {
                early.bytesTransferred = length;
            }
            throw early;
        } finally {
            end(mine, isSent);
        }
    }

    private void begin(Handover mine) {
        lock.lock();
        try {
            handover = mine;
        } finally {
            lock.unlock();
        }
    }

    /// @param isSent whether it was, so that an answer comes
    private void end(Handover mine, boolean isSent) {
        lock.lock();
        try {
            if (isSent && !mine.answered) {
                mine.abandoned = true;
            } else {
                handover = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Reads until something is so, or waits for a thread that does.
    private void until(BooleanSupplier isSo, Deadline deadline) throws IOException {
        lock.lock();
        try {
            while (!isSo.getAsBoolean()) {
                if (reads || !hasRoom()) {
                    awaitChange(ANSWER, deadline);
                } else if (!readUpToAnswer(deadline)) {
                    throw new ChannelClosedException(channel.closed().orElseThrow());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean readUpToAnswer(Deadline deadline) throws IOException {
        try {
            return read(deadline);
        } catch (InterruptedIOException early) { // by a deadline, too
            throw Turn.endedEarly(ANSWER, early);
        }
    }

    /// Whether more may be read that nobody receives. After the end there is only what the kernel has.
    private boolean hasRoom() {
        return kept.hasRoom() || peerIsGone || channel.closed().isPresent();
    }
}
