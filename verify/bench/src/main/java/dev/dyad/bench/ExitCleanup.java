package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What this JVM has made that must not outlive it: folders, and programs that run. What is still there when the JVM
/// ends, as by a signal, is closed then, the latest first.
///
/// Any thread may use it.
final class ExitCleanup {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Deque<Closeable> OPEN = new ArrayDeque<>(); // guarded by the class
    private static volatile boolean begun = !isHooked(); // written under the class

    private ExitCleanup() {}

    /// Has what is kept closed from now on, also if the JVM ends before anything is. To be called first of all.
    ///
    /// @return whether it does not end already
    static boolean begin() {
        return !begun;
    }

    /// Makes something.
    ///
    /// @param <T> what it is
    interface Making<T extends Closeable> {
        T make() throws IOException;
    }

    /// Makes something that is closed when the JVM ends, unless it is forgotten before. The JVM does not end in
    /// between.
    ///
    /// @throws IOException if it cannot be made, or the JVM ends already: then it is not made
    static synchronized <T extends Closeable> T keep(Making<T> making) throws IOException {
        if (begun) {
            throw new IOException("this JVM ends");
        }
        T made = making.make();
        OPEN.addFirst(made);
        return made;
    }

    /// Keeps something no longer, which has been closed.
    static synchronized void forget(Closeable made) {
        boolean _ = OPEN.remove(made);
    }

    /// Waits that long for the JVM to begin to end, and for ever once it has: an interrupt at a terminal reaches our
    /// programs too, perhaps before us.
    static void awaitEnd(Duration time) {
        boolean interrupted = Thread.interrupted();
        long start = System.nanoTime();
        while (begun || System.nanoTime() - start < time.toNanos()) {
            LockSupport.parkNanos(PAUSE);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isHooked() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(ExitCleanup::closeAll, "bench-cleanup"));
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    private static synchronized List<Closeable> end() {
        begun = true;
        return List.copyOf(OPEN);
    }

    private static void closeAll() {
        for (Closeable made : end()) {
            try {
                made.close();
            } catch (IOException e) {
                System.err.println("dyad bench: " + e.getMessage());
            }
        }
    }
}
