package dev.dyad.process;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One thread that takes every child's exit as soon as it ends, so that none stays a zombie, however many there
/// are, and reads what they write where the last lines of it are kept.
final class Reaper {

    private static final Platform OS = Platform.current();

    private static @Nullable Reaper running; // guarded by the class

    private static final long SHORTEST_PAUSE = 1_000_000;
    private static final long LONGEST_PAUSE = 50_000_000;
    private static final long FOR_EVER = -1;
    private static final long WAKE = 0; // a key that nothing is watched by

    private final EventQueue queue;
    private final int wakeFd; // can be read, always
    private final AtomicLong keys = new AtomicLong();
    private final ConcurrentHashMap<Long, Runnable> watched = new ConcurrentHashMap<>();
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private @Nullable Thread thread; // set before anybody else has the reaper

    // -- of the reaper's thread
    private long pause = SHORTEST_PAUSE;
    private long lastAsked;

    private Reaper(EventQueue queue, int wakeFd) {
        this.queue = queue;
        this.wakeFd = wakeFd;
    }

    /// Returns the reaper, started when the first child is and then kept.
    static synchronized Reaper running() throws IOException {
        Reaper reaper = running;
        if (reaper == null) {
            reaper = opened();
            reaper.start();
            running = reaper;
        }
        return reaper;
    }

    private static Reaper opened() throws IOException {
        var arena = Arena.ofAuto();
        var state = new CallState(arena);
        int answer = OS.openEventQueue(state);
        if (answer < 0) {
            throw new SystemCallException(OS.eventQueueCall(), Errno.of(answer));
        }
        EventQueue queue = OS.eventQueue(arena, answer);
        int wakeFd = OS.openWakeDescriptor(state);
        if (wakeFd < 0) {
            int _ = queue.close(state);
            throw new SystemCallException("eventfd", Errno.of(wakeFd));
        }
        MemorySegment one = arena.allocate(ValueLayout.JAVA_LONG);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        long _ = Unistd.write(state, wakeFd, one); // eight bytes, for which there is always room
        return new Reaper(queue, wakeFd);
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
                    var state = new CallState(arena);
                    int _ = queue.close(state);
                    int _ = Unistd.close(state, wakeFd);
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

    /// Runs `ask` on the reaper's thread, once and a little later: what nothing tells of has to be asked for.
    void askLater(Runnable ask) {
        asked.add(ask);
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            try (var arena = Arena.ofConfined()) {
                int _ = queue.armReadable(new CallState(arena), wakeFd, WAKE);
            }
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
            int ready = queue.await(asked.isEmpty() ? FOR_EVER : pause);
            for (int i = 0; i < ready; i++) {
                Runnable waiting = watched.remove(queue.key(i));
                if (waiting != null) {
                    waiting.run();
                }
            }
            if (ready < 0 && !Errno.of(ready).equals(Errno.EINTR)) {
                throw new AssertionError("the reaper's wait failed: " + Errno.of(ready));
            }
            askAgain();
        }
    }

    /// Waits outside of the kernel while there is no child: a JVM that ends gives threads in native calls 0.3 s
    /// to return.
    private void awaitChildren() {
        while (watched.isEmpty() && asked.isEmpty()) {
            LockSupport.park(this);
        }
    }

    /// Asks all that is to be asked once, after pauses that grow.
    private void askAgain() {
        int all = asked.size();
        if (all == 0) {
            pause = SHORTEST_PAUSE;
            return;
        }
        long now = System.nanoTime();
        if (now - lastAsked < pause) {
            return; // something else was ready
        }
        lastAsked = now;
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        for (int i = 0; i < all; i++) {
            Runnable ask = asked.poll();
            if (ask != null) {
                ask.run();
            }
        }
    }
}
