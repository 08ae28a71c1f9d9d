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

    // -- guarded by the class
    private static final Deque<Closeable> OPEN = new ArrayDeque<>();
    private static boolean begun;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExitCleanup::closeAll, "bench-cleanup"));
    }

    private ExitCleanup() {}

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

    /// Returns only if the JVM does not end within that time: whoever interrupts us at a terminal interrupts what we
    /// run, too, which may be told before we are.
    static void awaitEnd(Duration time) {
        long start = System.nanoTime();
        while (hasBegun() || System.nanoTime() - start < time.toNanos()) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static synchronized boolean hasBegun() {
        return begun;
    }

    private static synchronized List<Closeable> begin() {
        begun = true;
        return List.copyOf(OPEN);
    }

    private static void closeAll() {
        for (Closeable made : begin()) {
            try {
                made.close();
            } catch (IOException e) {
                System.err.println("dyad bench: " + e.getMessage());
            }
        }
    }
}
