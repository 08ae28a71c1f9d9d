package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a child writes to a pipe, read by the reaper's thread as it comes, and kept or some of it.
///
/// Any thread may use it; the calls made under its lock do not wait.
final class Kept implements EventLoop.Watcher {

    private static final KeptBytes NOTHING = new LastBytes();

    private final PipeEnd source;

    // -- guarded by this
    private KeptBytes kept;
    private @Nullable Throwable failure;
    private @Nullable Watch watch; // until the end of what there is to read

    private volatile int number; // of the descriptor, while it is watched

    /// What the reaper has to do with it.
    private record Watch(Reaper reaper, BorrowedFd fd, long key) {}

    Kept(PipeEnd source, KeptBytes kept) {
        this.source = source;
        this.kept = kept;
    }

    /// Reads from now on, whenever something comes.
    synchronized void begin(Reaper reaper) throws IOException {
        BorrowedFd fd = source.borrow();
        reaper.keep();
        boolean begun = false;
        try {
            number = fd.fd();
            await(reaper, fd);
            begun = true;
        } finally {
            if (!begun) {
                fd.close();
                reaper.release();
            }
        }
    }

    /// Returns what is kept of what has been read.
    ///
    /// @throws IOException if reading failed
    synchronized byte[] bytes() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IOException(failure);
        }
        return kept.bytes();
    }

    /// Returns the last lines of it, the oldest first, without their ends.
    synchronized List<String> lines(int most) {
        List<String> all = new String(kept.bytes(), UTF_8).lines().toList();
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /// Reads what is there now; what comes later is read later.
    synchronized void drain() {
        try {
            for (int left = watch == null ? 0 : source.unread(); left > 0 && watch != null; ) {
                left -= Math.max(1, readSome());
            }
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    synchronized void close() throws IOException {
        end();
        source.close();
    }

    @Override
    public int fd() {
        return number;
    }

    @Override
    public synchronized void ready() {
        Watch mine = watch;
        if (mine == null) {
            return; // closed meanwhile
        }
        try {
            int _ = readSome();
            if (watch != null) {
                await(mine.reaper, mine.fd);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private int readSome() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(LastBytes.MOST);
        int length = source.tryRead(some);
        if (length < 0) {
            end();
        } else {
            kept.add(some.flip());
        }
        return length;
    }

    private void await(Reaper reaper, BorrowedFd fd) throws IOException {
        watch = new Watch(reaper, fd, reaper.watch(this));
    }

    /// Reads no more, and lets the child know; what has come is as good as lost, and may be what took the
    /// memory.
    @Override
    public synchronized void failed(Throwable why) {
        failure = why;
        kept = NOTHING;
        end();
        try {
            source.close();
        } catch (IOException again) {
            why.addSuppressed(again);
        }
    }

    /// Reads no more.
    private void end() {
        Watch mine = watch;
        if (mine != null) {
            mine.reaper.forget(mine.fd.fd(), mine.key);
            mine.fd.close();
            watch = null; // last: what threw is done again
            mine.reaper.release();
        }
    }
}
