package dev.dyad.socket.thread;

import dev.dyad.posix.CallState;
import dev.dyad.posix.EventQueue;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What an [EventThread] does from its start to its end: it waits for descriptors, and tells those that
/// watch them.
///
/// A watch is for one event. What a watcher throws on this thread is told to that watcher. What fails before
/// it is known whom it is for, as when there is no memory, makes the thread ask the kernel for all of them
/// once more: an event is told once, and may have been lost. Nothing but having nothing to do ends the
/// thread: where the kernel refuses to wait, it goes on to ask for those that use it already.
public final class EventLoop {

    private static final long IDLE_NANOS = LibraryThreads.IDLE.toNanos();
    private static final long FOR_EVER = -1;
    private static final long WAKE = 0; // the key of the wake descriptor
    private static final int ENDED = Integer.MIN_VALUE / 2; // and the users that are left: takes no more
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_TRIES = 20;

    private final EventQueue queue;
    private final int wakeFd; // can be read, always
    private final boolean forWriting;
    private final boolean parks;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicLong keys = new AtomicLong(WAKE);
    private final ConcurrentHashMap<Long, Watcher> watched = new ConcurrentHashMap<>();
    private final Queue<Watcher> asked = new ConcurrentLinkedQueue<>();
    private volatile boolean waitsForEver; // nothing but an event ends its wait
    private volatile @Nullable Thread thread; // set before anybody has the loop

    // -- of the thread
    private long pause = SHORTEST_PAUSE;
    private long lastAsked;
    private long idleSince = System.nanoTime();
    private boolean mayHaveLost;
    private boolean broken;

    /// Who waits for a descriptor.
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

    EventLoop(EventQueue queue, int wakeFd, boolean forWriting, boolean parks) {
        this.queue = queue;
        this.wakeFd = wakeFd;
        this.forWriting = forWriting;
        this.parks = parks;
    }

    void start(Thread own) {
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

    /// Uses the loop once more, for somebody who gets it from one that uses it; [#release] must follow.
    public void keep() {
        int _ = users.incrementAndGet();
    }

    /// Ends what [EventThread#use], [#tryUse] or [#keep] began.
    public void release() {
        int _ = users.decrementAndGet();
    }

    /// Watches a descriptor until it is ready once, or the watch is dropped.
    ///
    /// @param watcher who watches it
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

    /// Has somebody who uses the loop go on a little later, on the thread of the loop, even where that cannot
    /// wait for descriptors any more: what nothing tells of has to be asked for.
    ///
    /// @param watcher who goes on, once, and may ask for it again
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

    /// Runs until there is nothing to do any more.
    void run() {
        while (users.get() != ENDED || !asked.isEmpty()) {
            try {
                round();
            } catch (Throwable thrown) {
                mayHaveLost = true;
                EventThread.rest(this, pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
        if (!broken) {
            closeQueue();
        }
    }

    private void round() {
        if (mayHaveLost && !broken) {
            armAllAgain();
        }
        mayHaveLost = false;
        int ready = await();
        for (int i = 0; i < ready; i++) {
            tell(i);
        }
        if (ready < 0 && !Errno.of(ready).equals(Errno.EINTR)) {
            breakDown(new SystemCallException(queue.waitingCall(), Errno.of(ready)));
        }
        askAgain();
        endIfIdle(ready > 0);
    }

    private int await() {
        if (broken) {
            return park(asked.isEmpty() ? IDLE_NANOS : pause);
        }
        if (!asked.isEmpty()) {
            return watched.isEmpty() && parks ? park(pause) : queue.await(pause);
        }
        waitsForEver = true; // before the look, as a watch is dropped before that is looked at
        try {
            if (!watched.isEmpty()) {
                return queue.await(FOR_EVER);
            }
            return parks ? park(IDLE_NANOS) : queue.await(IDLE_NANOS);
        } finally {
            waitsForEver = false;
        }
    }

    private int park(long nanos) {
        EventThread.rest(this, nanos);
        return 0;
    }

    private void tell(int index) {
        try {
            Watcher watcher = watched.remove(queue.key(index));
            if (watcher != null) {
                tell(watcher);
            }
        } catch (Throwable thrown) {
            mayHaveLost = true; // before it was known whose it is
        }
    }

    private void tell(Watcher watcher) {
        try {
            watcher.ready();
        } catch (Throwable thrown) {
            fail(watcher, thrown);
        }
    }

    /// Tells it again where not even that could be told, as there is no memory at the moment.
    private void fail(Watcher watcher, Throwable why) {
        boolean told = false;
        for (int tries = 0; !told && tries < MOST_TRIES; tries++) {
            try {
                watcher.failed(why);
                told = true;
            } catch (Throwable again) {
                EventThread.rest(this, LONGEST_PAUSE);
            }
        }
    }

    /// Under the lock that keeps descriptors from being forgotten, after which they are closed.
    private synchronized void armAllAgain() {
        try (var call = CallState.open()) {
            for (var watch : watched.entrySet()) {
                int _ = queue.armAgain(call, watch.getValue().fd(), forWriting, watch.getKey());
            }
        }
    }

    /// The kernel refuses to wait, as where somebody has closed the descriptor of the queue: another loop
    /// takes over for those that come, and this one only asks now and then for those that use it.
    private void breakDown(SystemCallException why) {
        broken = true; // the number may be another's by now, so nobody closes it
        int _ = users.addAndGet(ENDED);
        for (Long key : watched.keySet()) {
            Watcher watcher = watched.remove(key);
            if (watcher != null) {
                fail(watcher, why);
            }
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
            Watcher watcher = asked.poll();
            if (watcher != null) {
                tell(watcher);
            }
        }
    }

    private void endIfIdle(boolean busy) {
        long now = System.nanoTime();
        if (busy || users.get() > 0 || !watched.isEmpty() || !asked.isEmpty()) {
            idleSince = now;
        } else if (now - idleSince >= IDLE_NANOS) {
            boolean _ = users.compareAndSet(0, ENDED);
        }
    }

    /// Closes the queue, which nobody uses any more.
    void closeQueue() {
        try (var call = CallState.open()) {
            int _ = queue.close(call);
            int _ = Unistd.close(call, wakeFd);
        } catch (Throwable noMemory) {
            // two numbers are lost, which is better than to say so to somebody who has nothing to do with it
        }
    }
}
