package dev.dyad.socket.jfr;

import dev.dyad.socket.thread.LibraryThreads;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/// How many of a kind were opened in this process, and how many of these are closed.
///
/// To count cannot fail: nothing that is opened is lost because of it. Any thread may use it.
public final class OpenCount {

    private final Statistics statistics;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private volatile @Nullable Reference<Closing> closing;

    /// Makes one of which none is open.
    ///
    /// @param statistics what tells it
    public OpenCount(Statistics statistics) {
        this.statistics = statistics;
    }

    /// Returns what is to be held by what is about to be opened: as long as it is, the recorder asks for statistics.
    ///
    /// @return an object for nothing else
    public Object holder() {
        return statistics.holder();
    }

    /// Counts one that is open from now on.
    public void open() {
        long _ = opened.incrementAndGet();
    }

    /// Counts one that is closed, or lost.
    public void close() {
        long _ = closed.incrementAndGet();
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

    /// Returns the one of all that are open.
    private Closing closing() {
        Reference<Closing> now = closing;
        Closing there = now == null ? null : now.get();
        if (there == null) { // or several, where threads meet
            there = new Closing(this);
            closing = new WeakReference<>(there);
        }
        return there;
    }

    /// Knows nothing of what is open, which could not be found lost otherwise.
    private static final class Closing implements Runnable {

        private final OpenCount count;

        @SuppressWarnings("UnusedVariable") // it is held
        private final Object holder;

        Closing(OpenCount count) {
            this.count = count;
            holder = count.holder();
        }

        @Override
        public void run() {
            count.close();
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

    /// Statistics of this process, which the recorder asks for while something holds the [#holder].
    ///
    /// What is open holds it, and nobody has to know which is the last: when none is left, the collector finds
    /// that. They are told for a last time then, and the recorder forgets us and our class loader. Any thread may
    /// use it.
    public static final class Statistics {

        private final Supplier<Class<? extends Event>> kind;
        private final Runnable telling;
        private volatile @Nullable Reference<Object> current; // written under this

        /// Makes some that nobody asks for yet.
        ///
        /// @param kind the class of the event, which is not to be touched before
        /// @param telling commits one
        public Statistics(Supplier<Class<? extends Event>> kind, Runnable telling) {
            this.kind = kind;
            this.telling = telling;
        }

        /// Returns what is to be held by what is open.
        ///
        /// @return an object for nothing else
        public Object holder() {
            Reference<Object> now = current;
            Object there = now == null ? null : now.get();
            return there != null ? there : hold();
        }

        private synchronized Object hold() {
            Reference<Object> now = current;
            Object there = now == null ? null : now.get();
            if (there == null) {
                there = FlightRecording.isPossible() ? begun() : this;
                current = new WeakReference<>(there);
            }
            return there;
        }

        /// Begins on a thread of its own: the first listener of the JDK's recorder takes milliseconds, for which
        /// nobody is to wait who opens something.
        private Object begun() {
            var holder = new Object();
            try {
                Thread _ = LibraryThreads.start("dyad-statistics", () -> begin(holder));
            } catch (OutOfMemoryError noThread) {
                begin(holder);
            }
            return holder;
        }

        private void begin(Object holder) {
            FlightRecording.tell(() -> {
                PeriodicEvent<Object> event = PeriodicEvent.begin(holder, kind, _ -> telling.run());
                Object _ = LibraryThreads.whenLost(holder, () -> end(event));
            });
        }

        /// Tells them for the last time: that nothing is open.
        private void end(PeriodicEvent<Object> event) {
            event.end();
            if (FlightRecording.hasBegun()) {
                FlightRecording.tell(telling);
            }
        }
    }
}
