package dev.dyad.socket.thread;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that waits for the descriptors of others, which is there while somebody uses it and a little
/// longer.
///
/// What one of them throws is told to that one; the thread goes on. See [EventLoop].
public final class EventThread {

    private static final Platform OS = Platforms.current();

    private final String name;
    private final boolean forWriting;
    private final boolean parks;
    private volatile @Nullable EventLoop running; // written under this

    /// Makes one that has not been started.
    ///
    /// @param name its name
    /// @param forWriting whether it waits until its descriptors can be written, and not read
    /// @param parks whether it waits outside of the kernel while there is nothing to wait for: a JVM that
    ///     ends gives threads in native calls 0.3 s to return, but a thread that is woken there has one way
    ///     more to go
    public EventThread(String name, boolean forWriting, boolean parks) {
        this.name = name;
        this.forWriting = forWriting;
        this.parks = parks;
    }

    /// Returns its loop, started if need be, which the caller [releases][EventLoop#release].
    ///
    /// @return the loop, which does not end before that
    /// @throws SystemCallException if there is no descriptor left for it
    /// @throws OutOfMemoryError if no thread can be started
    public EventLoop use() throws IOException {
        EventLoop loop = running;
        return loop != null && loop.tryUse() ? loop : start();
    }

    private synchronized EventLoop start() throws IOException {
        EventLoop loop = running;
        if (loop != null && loop.tryUse()) {
            return loop; // another thread was faster
        }
        loop = open();
        boolean started = false;
        try {
            loop.start(LibraryThreads.unstarted(name, loop::run));
            running = loop;
            started = true;
            return loop;
        } finally {
            if (!started) {
                loop.closeQueue();
            }
        }
    }

    private EventLoop open() throws IOException {
        var arena = Arena.ofAuto();
        var state = new CallState(arena);
        int answer = OS.openEventQueue(state);
        if (answer < 0) {
            throw new SystemCallException(OS.eventQueueCall(), Errno.of(answer));
        }
        EventQueue queue = OS.eventQueue(arena, answer);
        boolean done = false;
        try {
            int wakeFd = OS.openWakeDescriptor(state);
            if (wakeFd < 0) {
                throw new SystemCallException("eventfd", Errno.of(wakeFd));
            }
            var loop = new EventLoop(queue, wakeFd, forWriting, parks);
            done = true;
            long _ = Unistd.write(state, wakeFd, arena.allocateFrom(ValueLayout.JAVA_LONG, 1L)); // there is room
            return loop;
        } finally {
            if (!done) {
                int _ = queue.close(state);
            }
        }
    }

    /// Forgets a descriptor, if the thread runs, before that is closed: a closed number would otherwise stay
    /// registered for as long as a child or a message holds what it stands for.
    ///
    /// @param fd the descriptor
    public void forget(int fd) {
        EventLoop loop = running;
        if (loop != null && loop.tryUse()) {
            try {
                loop.forget(fd);
            } finally {
                loop.release();
            }
        }
    }

    /// Rests so long, also in a thread that somebody has interrupted.
    static void rest(Object blocker, long nanos) {
        boolean _ = Thread.interrupted();
        LockSupport.parkNanos(blocker, nanos);
    }
}
