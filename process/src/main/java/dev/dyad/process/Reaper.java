package dev.dyad.process;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One thread that takes every child's exit as soon as it ends, so that none stays a zombie, however many there
/// are, and reads what they write where the last lines of it are kept.
final class Reaper {

    private static final Platform OS = Platform.current();

    private static @Nullable Reaper running; // guarded by the class

    private final EventQueue queue;
    private final AtomicLong keys = new AtomicLong();
    private final ConcurrentHashMap<Long, Runnable> watched = new ConcurrentHashMap<>();
    private @Nullable Thread thread; // set before anybody else has the reaper

    private Reaper(EventQueue queue) {
        this.queue = queue;
    }

    /// Returns the reaper, started when the first child is and then kept.
    static synchronized Reaper running() throws IOException {
        Reaper reaper = running;
        if (reaper == null) {
            var arena = Arena.ofAuto();
            int answer = OS.openEventQueue(new CallState(arena));
            if (answer < 0) {
                throw new SystemCallException(OS.eventQueueCall(), Errno.of(answer));
            }
            reaper = new Reaper(OS.eventQueue(arena, answer));
            reaper.start();
            running = reaper;
        }
        return reaper;
    }

    /// Starts the thread, or closes the queue where there may be no thread more.
    private void start() {
        boolean started = false;
        try {
            thread = Thread.ofPlatform().name("dyad-reaper").daemon().start(this::run);
            started = true;
        } finally {
            if (!started) {
                try (var arena = Arena.ofConfined()) {
                    int _ = queue.close(new CallState(arena));
                }
            }
        }
    }

    /// Runs `ready`, on the reaper's thread and once, when `fd` can be read: a pidfd when its process has ended.
    ///
    /// @return what [#forget] wants to know
    long watch(int fd, Runnable ready) throws IOException {
        long key = keys.incrementAndGet();
        watched.put(key, ready);
        LockSupport.unpark(thread);
        try (var arena = Arena.ofConfined()) {
            int answer = queue.armReadable(new CallState(arena), fd, key);
            if (answer < 0) {
                watched.remove(key);
                throw new SystemCallException(queue.changingCall(), Errno.of(answer));
            }
            return key;
        }
    }

    /// Forgets a descriptor that is still watched, before it is closed.
    void forget(int fd, long key) {
        forget(fd);
        watched.remove(key);
    }

    /// Forgets a descriptor, before it is closed.
    void forget(int fd) {
        try (var arena = Arena.ofConfined()) {
            int _ = queue.remove(new CallState(arena), fd);
        }
    }

    private void run() {
        while (true) {
            awaitChildren();
            int ready = queue.await();
            for (int i = 0; i < ready; i++) {
                Runnable waiting = watched.remove(queue.key(i));
                if (waiting != null) {
                    waiting.run();
                }
            }
            if (ready < 0 && !Errno.of(ready).equals(Errno.EINTR)) {
                throw new AssertionError("the reaper's wait failed: " + Errno.of(ready));
            }
        }
    }

    /// Waits outside of the kernel while there is no child: a JVM that ends gives threads in native calls 0.3 s
    /// to return.
    private void awaitChildren() {
        while (watched.isEmpty()) {
            LockSupport.park(this);
        }
    }
}
