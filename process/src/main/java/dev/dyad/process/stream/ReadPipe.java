package dev.dyad.process.stream;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A pipe that a child writes to, read by the thread of an event loop as something comes.
///
/// Any thread may use it; the calls made under its lock do not wait.
abstract sealed class ReadPipe implements EventLoop.Watcher permits CapturedPipe, LinePipe {

    /// How much is read at a time.
    static final int PIECE = 1 << 16;

    private final PipeEnd source;

    // -- guarded by this
    private @Nullable Watch watch; // until the end of what there is to read
    private boolean pauses; // nobody watches meanwhile

    private volatile int number; // of the descriptor, while it is watched

    /// What the loop has to do with it.
    private record Watch(EventLoop loop, BorrowedFd fd, long key) {}

    ReadPipe(PipeEnd source) {
        this.source = source;
    }

    /// Takes what has been read, under the lock.
    ///
    /// @throws IOException if it is too much: then nobody reads any more
    abstract void add(ByteBuffer some) throws IOException;

    /// Returns whether more is to be read now, under the lock; otherwise [#goOn] is called later.
    abstract boolean hasRoom();

    /// Learns, under the lock and perhaps more than once, that nothing more is read.
    ///
    /// @param why what was thrown, or `null` at the end of what there is
    abstract void over(@Nullable Throwable why);

    /// Reads from now on, whenever something comes.
    synchronized void begin(EventLoop loop) throws IOException {
        BorrowedFd fd = source.borrow();
        loop.keep();
        boolean begun = false;
        try {
            number = fd.fd();
            await(loop, fd);
            begun = true;
        } finally {
            if (!begun) {
                fd.close();
                loop.release();
            }
        }
    }

    /// Reads what is there now; what comes later is read later.
    synchronized void drain() {
        orFail(ReadPipe::readAll);
    }

    /// Reads on, if that was left since there was no room.
    synchronized void goOn() {
        if (pauses) {
            orFail(ReadPipe::awaitIfRoom);
        }
    }

    synchronized void close() throws IOException {
        end();
        source.close();
        over(null);
    }

    @Override
    public int fd() {
        return number;
    }

    @Override
    public synchronized void ready() {
        orFail(ReadPipe::readOnce);
    }

    /// A step of the reading, which is made of nothing: there may be no memory.
    private interface Step {
        void take(ReadPipe pipe) throws IOException;
    }

    /// Takes a step if this was not closed meanwhile, and reads no more where it throws: under the lock, or the
    /// next one that asks would take the rest for everything.
    private void orFail(Step step) {
        try {
            if (watch != null) {
                step.take(this);
            }
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    private void readAll() throws IOException {
        for (int left = source.unread(); left > 0 && watch != null; ) {
            left -= Math.max(1, readSome());
        }
    }

    private void readOnce() throws IOException {
        int _ = readSome();
        awaitIfRoom();
    }

    private void awaitIfRoom() throws IOException {
        Watch mine = watch;
        pauses = !hasRoom();
        if (mine != null && !pauses) {
            await(mine.loop, mine.fd);
        }
    }

    /// Reads no more, and lets the child know.
    @Override
    public synchronized void failed(Throwable why) {
        over(why);
        end();
        try {
            source.close();
        } catch (IOException again) {
            why.addSuppressed(again);
        }
    }

    private int readSome() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(PIECE);
        int length = source.tryRead(some);
        if (length < 0) {
            end();
            over(null);
        } else {
            add(some.flip());
        }
        return length;
    }

    private void await(EventLoop loop, BorrowedFd fd) throws IOException {
        watch = new Watch(loop, fd, loop.watch(this));
    }

    /// Reads no more.
    private void end() {
        Watch mine = watch;
        if (mine != null) {
            mine.loop.forget(mine.fd.fd(), mine.key);
            mine.fd.close();
            watch = null; // last: what threw is done again
            mine.loop.release();
        }
    }
}
