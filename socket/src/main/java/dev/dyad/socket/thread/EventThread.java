package dev.dyad.socket.thread;

import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What the thread of an [EventLoop] does from its start to its end: it waits for descriptors, and tells those
/// that watch them.
///
/// A failure before it is known which of them an event is for, as when there is no memory, makes the thread ask
/// the kernel for all of them once more: an event is told once, and may have been lost. Nothing but having
/// nothing to do ends the thread: where the kernel refuses to wait, it goes on to ask for those that use it
/// already.
final class EventThread {

    private static final long IDLE_NANOS = LibraryThreads.IDLE.toNanos();
    private static final long FOR_EVER = -1;
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_TRIES = 20;

    private final EventLoop loop;
    private long pause = SHORTEST_PAUSE;
    private long lastAsked;
    private long idleSince = System.nanoTime();
    private boolean mayHaveLost;
    private boolean broken;

    EventThread(EventLoop loop) {
        this.loop = loop;
    }

    /// Runs until there is nothing to do any more.
    void run() {
        while (!loop.hasEnded() || !loop.asked.isEmpty()) {
            try {
                round();
            } catch (Throwable thrown) {
                mayHaveLost = true;
                rest(loop, pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
        if (!broken) {
            loop.closeQueue();
        }
    }

    private void round() {
        if (mayHaveLost && !broken) {
            loop.armAllAgain();
        }
        mayHaveLost = false;
        int ready = await();
        for (int i = 0; i < ready; i++) {
            tell(i);
        }
        if (ready < 0 && !Errno.of(ready).equals(Errno.EINTR)) {
            breakDown(new SystemCallException(loop.queue.waitingCall(), Errno.of(ready)));
        }
        askAgain();
        endIfIdle(ready > 0);
    }

    private int await() {
        if (broken) {
            return park(loop.asked.isEmpty() ? IDLE_NANOS : pause);
        }
        if (!loop.asked.isEmpty()) {
            return loop.watched.isEmpty() && loop.parks ? park(pause) : loop.queue.await(pause);
        }
        loop.waitsForEver = true; // before the look, as a watch is dropped before that is looked at
        try {
            if (!loop.watched.isEmpty()) {
                return loop.queue.await(FOR_EVER);
            }
            return loop.parks ? park(IDLE_NANOS) : loop.queue.await(IDLE_NANOS);
        } finally {
            loop.waitsForEver = false;
        }
    }

    private int park(long nanos) {
        rest(loop, nanos);
        return 0;
    }

    private void tell(int index) {
        try {
            EventLoop.Watcher watcher = loop.watched.remove(loop.queue.key(index));
            if (watcher != null) {
                tell(watcher);
            }
        } catch (Throwable thrown) {
            mayHaveLost = true; // before it was known whose it is
        }
    }

    private void tell(EventLoop.Watcher watcher) {
        try {
            watcher.ready();
        } catch (Throwable thrown) {
            fail(watcher, thrown);
        }
    }

    /// Tells it again where not even that could be told, as there is no memory at the moment.
    private void fail(EventLoop.Watcher watcher, Throwable why) {
        boolean told = false;
        for (int tries = 0; !told && tries < MOST_TRIES; tries++) {
            try {
                watcher.failed(why);
                told = true;
            } catch (Throwable again) {
                rest(loop, LONGEST_PAUSE);
            }
        }
    }

    /// The kernel refuses to wait, as where somebody has closed the descriptor of the queue: another loop
    /// takes over for those that come, and this one only asks now and then for those that use it.
    private void breakDown(SystemCallException why) {
        broken = true; // the number may be another's by now, so nobody closes it
        loop.refuseUsers();
        for (Long key : loop.watched.keySet()) {
            EventLoop.Watcher watcher = loop.watched.remove(key);
            if (watcher != null) {
                fail(watcher, why);
            }
        }
    }

    /// Asks all that is to be asked once, after pauses that grow.
    private void askAgain() {
        int all = loop.asked.size();
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
            EventLoop.Watcher watcher = loop.asked.poll();
            if (watcher != null) {
                tell(watcher);
            }
        }
    }

    private void endIfIdle(boolean busy) {
        long now = System.nanoTime();
        if (busy || loop.isUsed() || !loop.watched.isEmpty() || !loop.asked.isEmpty()) {
            idleSince = now;
        } else if (now - idleSince >= IDLE_NANOS) {
            loop.endIfUnused();
        }
    }

    /// Rests so long, also in a thread that somebody has interrupted.
    static void rest(Object blocker, long nanos) {
        boolean _ = Thread.interrupted();
        LockSupport.parkNanos(blocker, nanos);
    }
}
