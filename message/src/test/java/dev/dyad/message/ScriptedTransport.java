package dev.dyad.message;

import static java.util.Objects.requireNonNull;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A transport that takes as many bytes as a test says, and fails when it says so.
@NullUnmarked // what is not there fails the test
final class ScriptedTransport implements Transport {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int room;
    private int inside;
    private boolean isBlocked; // whether the thread that writes waits for room, or for the end of a pause
    private boolean pauses;
    private boolean open = true;
    private boolean hadTwo;
    private boolean shut;
    private @Nullable Throwable failure; // of the call that waits
    private @Nullable Error failureBehind; // of the call that tries and has taken something
    private @Nullable IOException broken; // why each write fails

    private void locked(Runnable body) {
        lock.lock();
        try {
            body.run();
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Has room for more bytes.
    void room(int bytes) {
        locked(() -> room += bytes);
    }

    /// Lets the next write wait before it takes a byte, and each that follows, until told otherwise.
    void pause(boolean on) {
        locked(() -> pauses = on);
    }

    /// Has room for some bytes, and lets the next write wait.
    void pauseBehind(int bytes) {
        locked(() -> {
            room += bytes;
            pauses = true;
        });
    }

    /// Fails the write that waits.
    void fail(Throwable why) {
        locked(() -> failure = why);
    }

    /// Fails the write that has taken what there was room for.
    void failBehind(Error why) {
        locked(() -> failureBehind = why);
    }

    /// Fails every write from now on.
    void breakDown(IOException why) {
        locked(() -> broken = why);
    }

    boolean isBlocked() {
        lock.lock();
        try {
            return isBlocked && failure == null && broken == null && open && (pauses || room == 0);
        } finally {
            lock.unlock();
        }
    }

    boolean isEntered() {
        lock.lock();
        try {
            return inside > 0;
        } finally {
            lock.unlock();
        }
    }

    byte[] taken() {
        lock.lock();
        try {
            return taken.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    boolean isShut() {
        lock.lock();
        try {
            return shut;
        } finally {
            lock.unlock();
        }
    }

    /// Whether two threads wrote at a time.
    boolean hadTwo() {
        lock.lock();
        try {
            return hadTwo;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(ByteBuffer head, ByteBuffer body, Deadline deadline) throws IOException {
        enter();
        try {
            waitWhilePaused();
            while (true) {
                requireWritable();
                take(head);
                take(body);
                if (!head.hasRemaining() && !body.hasRemaining()) {
                    return;
                }
                if (deadline.hasPassed()) {
                    throw new SocketTimeoutException("scripted");
                }
                isBlocked = true;
                change.awaitUninterruptibly();
                isBlocked = false;
                throwFailure();
            }
        } finally {
            leave();
        }
    }

    @Override
    public void tryWrite(ByteBuffer source) throws IOException {
        enter();
        try {
            waitWhilePaused();
            requireWritable();
            take(source);
            if (failureBehind != null) {
                throw failureBehind;
            }
        } finally {
            leave();
        }
    }

    private void enter() {
        lock.lock();
        inside++;
        hadTwo |= inside > 1;
    }

    private void leave() {
        inside--;
        change.signalAll();
        lock.unlock();
    }

    private void waitWhilePaused() throws IOException {
        while (pauses) {
            isBlocked = true;
            change.awaitUninterruptibly();
            isBlocked = false;
            throwFailure();
        }
    }

    private void requireWritable() throws IOException {
        if (!open) {
            throw new AsynchronousCloseException();
        }
        if (shut) {
            throw new IOException("write after the output was shut");
        }
        if (broken != null) {
            throw requireNonNull(broken);
        }
    }

    private void throwFailure() throws IOException {
        Throwable now = failure;
        failure = null;
        switch (now) {
            case null -> {
                // it goes on
            }
            case IOException io -> throw io;
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            default -> throw new AssertionError(now);
        }
    }

    private void take(ByteBuffer source) {
        var bytes = new byte[Math.min(room, source.remaining())];
        source.get(bytes);
        taken.writeBytes(bytes);
        room -= bytes.length;
    }

    @Override
    public void send(ByteBuffer source, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        write(source, ByteBuffer.allocate(0), deadline);
    }

    @Override
    public void shutdownOutput() {
        locked(() -> shut = true);
    }

    @Override
    public void endWaiting(Deadline from, Supplier<? extends IOException> why) {
        // nobody reads it by then
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        locked(() -> open = false);
    }

    @Override
    public boolean takesDescriptors() {
        return false;
    }

    @Override
    public int read(ByteBuffer target, List<Descriptor> descriptors, Deadline deadline) throws IOException {
        throw new ClosedChannelException();
    }

    @Override
    public int tryRead(ByteBuffer target, List<Descriptor> descriptors) throws IOException {
        throw new ClosedChannelException();
    }
}
