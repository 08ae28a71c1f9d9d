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
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread of ours, and the descriptors that it waits for. It tells each watcher, once, that its descriptor is ready;
/// what a watcher throws then, it is told.
///
/// Any thread may use it; what the thread of the loop does is in [EventThread].
public final class EventLoop {

    private static final Platform OS = Platforms.current();
    private static final long WAKE = 0; // the key of the wake descriptor
    private static final int ENDED = Integer.MIN_VALUE / 2; // added to `users`: below zero, nobody begins to use it

    private final int wakeFd; // can be read, always
    private final boolean forWriting;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicLong keys = new AtomicLong(WAKE);
    private volatile @Nullable Thread thread; // set before anybody has the loop

    // -- for its thread as well
    final EventQueue queue;
    final boolean parks;
    final ConcurrentHashMap<Long, Watcher> watched = new ConcurrentHashMap<>();
    final Queue<Watcher> asked = new ConcurrentLinkedQueue<>();
    volatile boolean waitsForEver; // nothing but an event ends its wait

    /// Something that waits for a descriptor.
    public interface Watcher {

        /// Returns the descriptor, which stays open until the watch is [forgotten][EventLoop#forget].
        ///
        /// @return its number
        int fd();

        /// Goes on, on the thread of the loop, which must not wait here: the descriptor is ready.
        void ready();

        /// Learns that [#ready] has thrown, or that the loop cannot wait any more.
        ///
        /// @param why what was thrown
        void failed(Throwable why);
    }

    /// A loop that is there while somebody uses it and a little longer.
    public static final class OnDemand {

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
        public OnDemand(String name, boolean forWriting, boolean parks) {
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
            loop = open(forWriting, parks);
            boolean started = false;
            try {
                loop.start(LibraryThreads.unstarted(name, new EventThread(loop)::run));
                running = loop;
                started = true;
                return loop;
            } finally {
                if (!started) {
                    loop.closeQueue();
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
    }

    private static EventLoop open(boolean forWriting, boolean parks) throws IOException {
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

    private EventLoop(EventQueue queue, int wakeFd, boolean forWriting, boolean parks) {
        this.queue = queue;
        this.wakeFd = wakeFd;
        this.forWriting = forWriting;
        this.parks = parks;
    }

    private void start(Thread own) {
        thread = own;
        own.start();
    }

    /// Begins to use the loop, as somebody else does already; [#release] must follow.
    ///
    /// @return whether it has not ended
    public boolean tryUse() {
        int now;
        do {
            now = users.get();
        } while (now >= 0 && !users.compareAndSet(now, now + 1));
        return now >= 0;
    }

    /// Uses the loop once more, for a user that gets it from another user; [#release] must follow.
    public void keep() {
        int _ = users.incrementAndGet();
    }

    /// Ends what [OnDemand#use], [#tryUse] or [#keep] began.
    public void release() {
        int _ = users.decrementAndGet();
    }

    /// Watches a descriptor until it is ready once, or the watch is dropped.
    ///
    /// @param watcher what watches it
    /// @return the key of the watch
    /// @throws SystemCallException if the system refuses
    public long watch(Watcher watcher) throws IOException {
        long key = keys.incrementAndGet();
        watched.put(key, watcher);
        boolean done = false;
        try {
            int answer = isOver() ? -Errno.EBADF.code() : arm(watcher.fd(), key);
            if (answer < 0) {
                throw new SystemCallException(queue.changingCall(), Errno.of(answer));
            }
            if (parks) {
                LockSupport.unpark(thread);
            }
            done = true;
            return key;
        } finally {
            if (!done) {
                watched.remove(key);
            }
        }
    }

    private boolean isOver() {
        return users.get() < 0;
    }

    private int arm(int fd, long key) {
        try (var call = CallState.open()) {
            return forWriting ? queue.armWritable(call, fd, key) : queue.armReadable(call, fd, key);
        }
    }

    /// Drops a watch, unless its descriptor was ready.
    ///
    /// @param key its key
    public void drop(long key) {
        if (watched.remove(key) != null && waitsForEver && watched.isEmpty()) {
            wake();
        }
    }

    /// Forgets a descriptor, before it is closed.
    ///
    /// @param fd the descriptor
    public synchronized void forget(int fd) {
        if (isOver()) {
            return; // the number of the queue may be another's
        }
        try (var call = CallState.open()) {
            int _ = queue.remove(call, fd); // ENOENT where arming it failed
        }
    }

    /// Forgets a descriptor that is still watched, before it is closed.
    ///
    /// The watch goes first: a loop that asks for all watches once more could otherwise ask for the descriptor
    /// between the two, and go on to ask for whatever has its number next.
    ///
    /// @param fd the descriptor
    /// @param key the key of its watch
    public void forget(int fd, long key) {
        drop(key);
        forget(fd);
    }

    /// Has a watcher that uses the loop go on a little later, on the thread of the loop, even where that
    /// cannot wait for descriptors any more: what nothing tells of has to be asked for.
    ///
    /// @param watcher what goes on, once, and may ask for it again
    public void askLater(Watcher watcher) {
        asked.add(watcher);
        if (Thread.currentThread() != thread) {
            wake();
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
        if (isOver()) {
            return; // the number of the queue may be another's
        }
        try (var call = CallState.open()) {
            int _ = queue.armReadable(call, wakeFd, WAKE);
        }
    }

    /// Asks the kernel for all watches once more, for the thread of the loop.
    ///
    /// Under the lock that keeps descriptors from being forgotten, after which they are closed.
    synchronized void armAllAgain() {
        try (var call = CallState.open()) {
            for (var watch : watched.entrySet()) {
                int _ = queue.armAgain(call, watch.getValue().fd(), forWriting, watch.getKey());
            }
        }
    }

    /// Takes no further user, as the thread cannot wait any more.
    void refuseUsers() {
        int _ = users.addAndGet(ENDED);
    }

    /// Ends, unless somebody uses it.
    void endIfUnused() {
        boolean _ = users.compareAndSet(0, ENDED);
    }

    boolean isUsed() {
        return users.get() > 0;
    }

    /// Returns whether it takes no further user, and has none left.
    boolean hasEnded() {
        return users.get() == ENDED;
    }

    /// Closes the queue, which nobody uses any more.
    void closeQueue() {
        try (var call = CallState.open()) {
            int _ = queue.close(call);
            int _ = Unistd.close(call, wakeFd);
        } catch (Throwable noMemory) {
            // two numbers are lost, which is better than to throw in a thread that has nothing to do with them
        }
    }
}
