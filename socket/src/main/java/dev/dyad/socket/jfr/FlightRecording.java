package dev.dyad.socket.jfr;

import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Whether the JDK's flight recorder is there, and has begun.
///
/// No class of an event is touched before it has: the first one has the JDK read the descriptions of all its events,
/// which takes longer than the start of a small program.
public final class FlightRecording {

    private static final boolean IS_THERE = isThere();

    private FlightRecording() {}

    private static boolean isThere() {
        Module ours = FlightRecording.class.getModule();
        return ModuleLayer.boot().findModule("jdk.jfr").filter(ours::canRead).isPresent();
    }

    /// Returns whether there is a recorder that may begin.
    ///
    /// @return whether the module `jdk.jfr` is there
    public static boolean isPossible() {
        return IS_THERE;
    }

    /// Returns whether a recording was ever started in this JVM: events may be wanted.
    ///
    /// @return whether it was
    public static boolean hasBegun() {
        return IS_THERE && FlightRecorder.isInitialized();
    }

    /// Tells the recorder something, on this thread. A failure to do so, as without memory, harms no one: the
    /// work that is told of does not depend on whether it is watched.
    ///
    /// @param telling what tells it; what it throws is dropped
    public static void tell(Runnable telling) {
        try {
            telling.run();
        } catch (Throwable _) {
            // there is nobody to be told of this either
        }
    }

    /// Begins to measure something for the recorder, guarded as [#tell].
    ///
    /// @param <E> the event
    /// @param beginning what begins an event, or returns `null` where nobody wants to know
    /// @return the event, or `null` also where it cannot be begun
    public static <E> @Nullable E measure(Supplier<? extends @Nullable E> beginning) {
        try {
            return hasBegun() ? beginning.get() : null;
        } catch (Throwable _) {
            return null;
        }
    }
}
