package dev.dyad.socket;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Platform;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One thread that waits for one direction of all ends on which virtual threads are parked.
///
/// There is one for reading and one for writing, each started when it is first needed and then kept.
/// Registrations are one-shot, so an end on which nobody is parked costs nothing; they stay with the descriptor
/// until [#forget].
final class Poller {

    private static final Platform OS = Platform.current();
    private static final Object LOCK = new Object();

    private static volatile @Nullable Poller readable; // written under LOCK
    private static volatile @Nullable Poller writable; // written under LOCK

    private final EventQueue queue;
    private final boolean forWriting;
    private final ConcurrentHashMap<Integer, ParkedWaiter> waiters = new ConcurrentHashMap<>();

    private Poller(EventQueue queue, boolean forWriting) {
        this.queue = queue;
        this.forWriting = forWriting;
    }

    /// Returns the poller of a direction, or `null` where there is no descriptor left for it.
    static @Nullable Poller of(boolean forWriting) throws IOException {
        Poller poller = running(forWriting);
        return poller != null ? poller : start(forWriting);
    }

    /// Takes a descriptor out of the poller of a direction, before it is closed.
    ///
    /// A closed number would otherwise stay registered for as long as a child or a message holds what it stands
    /// for.
    static void forget(boolean forWriting, int fd) {
        Poller poller = running(forWriting);
        if (poller != null) {
            try (var arena = Arena.ofConfined()) {
                int _ = poller.queue.remove(new CallState(arena), fd); // ENOENT where arming it failed
            }
        }
    }

    private static @Nullable Poller running(boolean forWriting) {
        return forWriting ? writable : readable;
    }

    private static @Nullable Poller start(boolean forWriting) throws IOException {
        synchronized (LOCK) {
            Poller running = running(forWriting);
            if (running != null) {
                return running;
            }
            var arena = Arena.ofAuto();
            int answer = OS.openEventQueue(new CallState(arena));
            if (answer < 0 && BackoffWaiter.helps(Errno.of(answer))) {
                return null;
            }
            if (answer < 0) {
                throw new SystemCallException(OS.eventQueueCall(), Errno.of(answer));
            }
            var poller = new Poller(OS.eventQueue(arena, answer), forWriting);
            poller.start();
            if (forWriting) {
                writable = poller;
            } else {
                readable = poller;
            }
            return poller;
        }
    }

    /// Starts the thread, or closes the queue where there may be no thread more.
    private void start() {
        boolean started = false;
        try {
            Thread.ofPlatform()
                    .name(forWriting ? "dyad-write-poller" : "dyad-read-poller")
                    .daemon()
                    .start(this::run);
            started = true;
        } finally {
            if (!started) {
                try (var arena = Arena.ofConfined()) {
                    int _ = queue.close(new CallState(arena));
                }
            }
        }
    }

    void register(int fd, ParkedWaiter waiter) throws IOException {
        waiters.put(fd, waiter);
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int answer = forWriting ? queue.armWritable(state, fd, fd) : queue.armReadable(state, fd, fd);
            if (answer < 0) {
                waiters.remove(fd, waiter);
                throw new SystemCallException(queue.changingCall(), Errno.of(answer));
            }
        }
    }

    void unregister(int fd, ParkedWaiter waiter) {
        waiters.remove(fd, waiter);
    }

    private void run() {
        while (true) {
            int ready = queue.await();
            for (int i = 0; i < ready; i++) {
                ParkedWaiter waiter = waiters.get((int) queue.key(i));
                if (waiter != null) {
                    waiter.wake();
                }
            }
            if (ready < 0 && !Errno.of(ready).equals(Errno.EINTR)) {
                throw new AssertionError("the poller's wait failed: " + Errno.of(ready));
            }
        }
    }
}
