package dev.dyad.socket.jfr;

import dev.dyad.socket.thread.LibraryThreads;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How many of a kind were opened in this process, and how many of these are closed.
///
/// To count cannot fail: nothing that is opened is lost because of it. Any thread may use it.
public final class OpenCount {

    private final ProcessStatistics statistics;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private volatile @Nullable Reference<Closing> closing;

    /// Makes one of which none is open.
    ///
    /// @param statistics what tells it
    public OpenCount(ProcessStatistics statistics) {
        this.statistics = statistics;
    }

    /// Counts one that is open from now on.
    public void open() {
        long _ = opened.incrementAndGet();
    }

    /// Counts one until it is closed or lost.
    ///
    /// @param what what is open
    /// @return what is cleaned when it is closed
    public Cleaner.Cleanable whileOpen(Object what) {
        Cleaner.Cleanable watch = LibraryThreads.whenLost(what, closing());
        open();
        return watch;
    }

    /// Returns what counts one that is closed, or lost. What is about to be opened holds it until then: as long as
    /// something does, the recorder asks for statistics.
    ///
    /// @return the same for all that are open
    public Runnable closing() {
        Reference<Closing> now = closing;
        Closing there = now == null ? null : now.get();
        if (there == null) { // or several, where threads meet
            there = new Closing();
            closing = new WeakReference<>(there);
        }
        return there;
    }

    /// Knows nothing of what is open, which could not be found lost otherwise.
    private final class Closing implements Runnable {

        @SuppressWarnings("UnusedVariable") // it is held
        private final Object holder = statistics.holder();

        @Override
        public void run() {
            long _ = closed.incrementAndGet();
        }
    }

    /// Returns how many there are and were.
    ///
    /// @return numbers that belong together
    public Numbers numbers() {
        long gone = closed.get(); // first: none of these was opened later
        return new Numbers(opened.get(), gone);
    }

    /// How many there are and were.
    ///
    /// @param opened how many were opened since the start of the process
    /// @param closed how many of these are closed
    public record Numbers(long opened, long closed) {

        /// Returns how many are open.
        ///
        /// @return zero or more
        public long open() {
            return opened - closed;
        }

        /// Returns the sum of these and others.
        ///
        /// @param others of another kind
        /// @return numbers of both
        public Numbers plus(Numbers others) {
            return new Numbers(opened + others.opened, closed + others.closed);
        }
    }
}
