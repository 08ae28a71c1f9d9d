package dev.dyad.socket.jfr;

import jdk.jfr.FlightRecorder;

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
    public static boolean isPossible() {
        return IS_THERE;
    }

    /// Returns whether a recording was ever started in this JVM: events may be wanted.
    public static boolean hasBegun() {
        return IS_THERE && FlightRecorder.isInitialized();
    }
}
