package dev.dyad.cli;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Signals;
import dev.dyad.process.Child;
import dev.dyad.process.Signal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Passes the signals that we get on to the process group of the child.
///
/// The child leads a group of its own, so that what a terminal sends to our whole group reaches it once, from here.
/// `SIGQUIT` and `SIGKILL` are not ours to take: the JVM prints its threads at the one, and nobody is asked at the
/// other.
final class Forwarding implements AutoCloseable {

    private static final List<Signal> PASSED_ON = List.of(
            Signal.HUP, Signal.INT, Signal.TERM, Signal.USR1, Signal.USR2, Signal.WINCH, Signal.CONT, Signal.TSTP);

    /// What ends us too, once there is no child that it could end.
    private static final Set<Signal> ENDING = Set.of(Signal.HUP, Signal.INT, Signal.TERM);

    // -- guarded by this
    private final List<Signal> early = new ArrayList<>();
    private @Nullable Child child;

    private Forwarding() {}

    /// Takes the signals from now on, and keeps them until there is a child.
    static Forwarding start() {
        var forwarding = new Forwarding();
        for (Signal signal : PASSED_ON) {
            JvmSignals.take(signal, () -> forwarding.received(signal));
        }
        return forwarding;
    }

    /// Gives `child` what came early, and from then on what comes.
    synchronized void to(Child child) {
        this.child = child;
        for (Signal signal : early) {
            deliver(child, signal);
        }
    }

    @Override
    public void close() {
        // The process ends when its command does, and until then a signal must not end it half way.
    }

    private synchronized void received(Signal signal) {
        if (child == null) {
            early.add(signal);
        } else {
            deliver(child, signal);
        }
    }

    private static void deliver(Child child, Signal signal) {
        if (!delivered(child, signal) && ENDING.contains(signal)) {
            Runtime.getRuntime().halt(128 + signal.number()); // only our own output holds us
        }
        if (signal == Signal.TSTP) {
            stopOurselves();
        }
    }

    private static boolean delivered(Child child, Signal signal) {
        try {
            return child.signalGroup(signal);
        } catch (IOException e) {
            System.err.println("dyad exec: SIG" + signal + " was not passed on: " + e.getMessage());
            return true; // to a child that has not ended, but is somebody else's by now
        }
    }

    /// The signal that we took would have stopped us.
    private static void stopOurselves() {
        try (var arena = Arena.ofConfined()) {
            int self = (int) ProcessHandle.current().pid();
            int answer = Signals.kill(new CallState(arena), self, Signal.STOP.number());
            assert answer == 0 : "one may always stop oneself";
        }
    }
}
