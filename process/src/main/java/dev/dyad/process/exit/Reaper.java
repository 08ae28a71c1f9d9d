package dev.dyad.process.exit;

import dev.dyad.socket.thread.EventLoop;
import dev.dyad.socket.thread.EventThread;
import java.io.IOException;

/// The thread that takes every child's exit as soon as it ends, so that none stays a zombie, however many
/// there are, and reads what they write where the last lines of it are kept.
///
/// It is there from the first child on, and ends a little after the last one is over. While it has nothing
/// to wait for it waits outside of the kernel: a JVM that ends gives threads in native calls 0.3 s to return.
public final class Reaper {

    private static final EventThread THREAD = new EventThread("dyad-reaper", false, true);

    private final EventLoop loop;

    private Reaper(EventLoop loop) {
        this.loop = loop;
    }

    /// Returns the reaper, which runs until the caller [releases][#release] it, and longer for others.
    public static Reaper running() throws IOException {
        return new Reaper(THREAD.use());
    }

    /// Returns what its thread runs: watches of what ends, and of what children write.
    public EventLoop loop() {
        return loop;
    }

    /// Ends what [#running] began.
    public void release() {
        loop.release();
    }
}
