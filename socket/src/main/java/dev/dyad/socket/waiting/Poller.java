package dev.dyad.socket.waiting;

import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.thread.EventLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The threads that wait for the ends on which virtual threads are parked.
///
/// There is one for reading and one for writing, each started when it is needed. Registrations are one-shot,
/// so an end on which nobody is parked costs nothing; they stay with the descriptor until [#forget].
public final class Poller {

    private static final EventLoop.OnDemand READABLE = new EventLoop.OnDemand("dyad-read-poller", false, false);
    private static final EventLoop.OnDemand WRITABLE = new EventLoop.OnDemand("dyad-write-poller", true, false);

    private Poller() {}

    /// Returns a waiter of the running virtual thread, or `null` where no descriptor is left for the poller.
    public static @Nullable ParkedWaiter waiter(boolean forWriting) throws IOException {
        EventLoop loop;
        try {
            loop = of(forWriting).use();
        } catch (SystemCallException e) {
            if (BackoffWaiter.helps(e.errno())) {
                return null;
            }
            throw e;
        }
        boolean done = false;
        try {
            var waiter = new ParkedWaiter(loop);
            done = true;
            return waiter;
        } finally {
            if (!done) {
                loop.release();
            }
        }
    }

    /// Takes a descriptor out of the poller of a direction, before it is closed.
    public static void forget(boolean forWriting, int fd) {
        of(forWriting).forget(fd);
    }

    private static EventLoop.OnDemand of(boolean forWriting) {
        return forWriting ? WRITABLE : READABLE;
    }
}
