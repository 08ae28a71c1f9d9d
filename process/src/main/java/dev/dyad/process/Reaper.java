package dev.dyad.process;

import dev.dyad.socket.thread.EventLoop;
import dev.dyad.socket.thread.EventThread;
import java.io.IOException;

/// The thread that takes every child's exit as soon as it ends, so that none stays a zombie, however many
/// there are, and reads what they write where the last lines of it are kept.
///
/// It is there from the first child on, and ends a little after the last one is over. While it has nothing
/// to wait for it waits outside of the kernel: a JVM that ends gives threads in native calls 0.3 s to return.
final class Reaper {

    private static final EventThread THREAD = new EventThread("dyad-reaper", false, true);

    private final EventLoop loop;

    Reaper(EventLoop loop) {
        this.loop = loop;
    }

    /// Returns the reaper, which runs until the caller [releases][#release] it, and longer for others.
    static Reaper running() throws IOException {
        return new Reaper(THREAD.use());
    }

    /// Keeps it for one more, while somebody has it.
    void keep() {
        loop.keep();
    }

    void release() {
        loop.release();
    }

    /// Has somebody go on, on the reaper's thread and once, when a descriptor can be read: a pidfd when its
    /// process has ended.
    ///
    /// @return what [#forget] wants to know
    long watch(EventLoop.Watcher watcher) throws IOException {
        return loop.watch(watcher);
    }

    /// Has somebody go on, on the reaper's thread, once and a little later: what nothing tells of has to be
    /// asked for.
    void askLater(EventLoop.Watcher watcher) {
        loop.askLater(watcher);
    }

    /// Forgets a descriptor that is still watched, before it is closed.
    ///
    /// The watch goes first: a loop that asks for all watches once more could otherwise ask for the descriptor
    /// between the two, and go on to ask for whatever has its number next.
    void forget(int fd, long key) {
        loop.drop(key);
        forget(fd);
    }

    /// Forgets a descriptor, before it is closed.
    void forget(int fd) {
        loop.forget(fd);
    }
}
