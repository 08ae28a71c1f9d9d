package dev.dyad.socket.waiting;

import dev.dyad.socket.thread.LibraryThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The thread that goes on to signal threads which did not leave their call at once.
///
/// It is started when there is one, and ends when there is none any more. A thread that has not left after half
/// a minute has the signal pending, and leaves when it takes it; more of them would only fill the queue.
public final class SignalSender {

    private static final long SHORTEST = 2_000_000; // nanoseconds
    private static final long LONGEST = 1_000_000_000;
    private static final int MOST_TRIES = 40;

    private static final List<Stuck> STUCK = new ArrayList<>(); // guarded by itself
    private static boolean running; // guarded by STUCK

    private SignalSender() {}

    /// A call that is signalled again and again.
    private static final class Stuck {
        private final SignalledCall call;
        private int tries;
        private long pause = SHORTEST;
        private long due = System.nanoTime() + SHORTEST;

        Stuck(SignalledCall call) {
            this.call = call;
        }

        /// Returns whether there is no more to do.
        boolean isOver(long now) {
            if (due - now > 0) {
                return false;
            }
            pause = Math.min(2 * pause, LONGEST);
            due = now + pause;
            return !call.signal() || ++tries == MOST_TRIES;
        }
    }

    /// Goes on with a call; where no thread can be started, its own thread has to find out by itself.
    public static void goOn(SignalledCall call) {
        synchronized (STUCK) {
            STUCK.add(new Stuck(call));
            running = running || start();
            if (!running) {
                STUCK.clear();
            }
        }
    }

    private static boolean start() {
        try {
            LibraryThreads.start("dyad-signals", SignalSender::run);
            return true;
        } catch (Throwable tooMany) {
            return false;
        }
    }

    private static void run() {
        while (anyLeft()) {
            LockSupport.parkNanos(SHORTEST);
        }
    }

    /// What is thrown is ignored, as where there is no memory at the moment: the thread tries again.
    private static boolean anyLeft() {
        synchronized (STUCK) {
            try {
                long now = System.nanoTime();
                STUCK.removeIf(stuck -> isOver(stuck, now));
            } catch (Throwable later) {
                return true;
            }
            running = !STUCK.isEmpty();
            return running;
        }
    }

    private static boolean isOver(Stuck stuck, long now) {
        try {
            return stuck.isOver(now);
        } catch (Throwable later) {
            return false;
        }
    }
}
