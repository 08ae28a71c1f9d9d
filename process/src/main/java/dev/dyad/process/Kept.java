package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.PipeEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a child writes to a pipe, read by the reaper's thread as it comes, and kept or some of it.
///
/// Any thread may use it; the calls made under its lock do not wait.
final class Kept {

    private final PipeEnd source;

    // -- guarded by this
    private final KeptBytes kept;
    private @Nullable IOException failure;
    private @Nullable Watch watch; // until the end of what there is to read

    /// What the reaper has to do with it.
    private record Watch(Reaper reaper, BorrowedFd fd, long key) {}

    Kept(PipeEnd source, KeptBytes kept) {
        this.source = source;
        this.kept = kept;
    }

    /// Reads from now on, whenever something comes.
    synchronized void begin(Reaper reaper) throws IOException {
        BorrowedFd fd = source.borrow();
        boolean begun = false;
        try {
            await(reaper, fd);
            begun = true;
        } finally {
            if (!begun) {
                fd.close();
            }
        }
    }

    /// Returns what is kept of what has been read.
    ///
    /// @throws IOException if reading failed
    synchronized byte[] bytes() throws IOException {
        if (failure != null) {
            throw failure;
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
        } catch (IOException e) {
            fail(e);
        }
    }

    synchronized void close() throws IOException {
        end();
        source.close();
    }

    /// On the reaper's thread.
    private synchronized void ready() {
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
            fail(e);
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
        watch = new Watch(reaper, fd, reaper.watch(fd.fd(), this::ready));
    }

    /// Reads no more, and lets the child know.
    private void fail(IOException e) {
        failure = e;
        end();
        try {
            source.close();
        } catch (IOException again) {
            e.addSuppressed(again);
        }
    }

    /// Reads no more.
    private void end() {
        Watch mine = watch;
        if (mine != null) {
            watch = null;
            mine.reaper.forget(mine.fd.fd(), mine.key);
            mine.fd.close();
        }
    }
}
