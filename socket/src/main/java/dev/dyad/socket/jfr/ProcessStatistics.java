package dev.dyad.socket.jfr;

import dev.dyad.socket.thread.LibraryThreads;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/// Statistics of this process, which the recorder asks for while something holds the [#holder].
///
/// What is open holds it, and nobody has to know which is the last: when none is left, the collector finds that. They
/// are told for a last time then, and the recorder forgets us and our class loader. Any thread may use it.
public final class ProcessStatistics {

    private final Supplier<Class<? extends Event>> kind;
    private final Runnable telling;
    private volatile @Nullable Reference<Object> current; // written under this

    /// Makes some that nobody asks for yet.
    ///
    /// @param kind the class of the event, which is not to be touched before
    /// @param telling commits one
    public ProcessStatistics(Supplier<Class<? extends Event>> kind, Runnable telling) {
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

    /// Begins on a thread of its own: the first listener of the JDK's recorder takes milliseconds, and a thread
    /// that opens something is not to wait for that.
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
