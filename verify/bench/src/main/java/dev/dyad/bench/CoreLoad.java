package dev.dyad.bench;

import java.util.ArrayList;
import java.util.List;

/// Processes that want a core each, for as long as something is measured. Each ends by itself when this JVM has ended.
///
/// @param commands what starts each of them
record CoreLoad(CTwin twin, List<List<String>> commands) {

    private static final int USUAL = 0;
    private static final int LOW = 19;
    private static final int ANY_CORE = -1;

    /// Returns none so far.
    ///
    /// @param twin the program that they are
    static CoreLoad of(CTwin twin) {
        return new CoreLoad(twin, List.of());
    }

    /// Returns these and one on whatever core the system likes.
    CoreLoad add() {
        return with(USUAL, ANY_CORE);
    }

    /// Returns these and one that never leaves its core.
    CoreLoad addOn(int core) {
        return with(USUAL, core);
    }

    /// Returns these and one that gives way to others.
    CoreLoad addOfLowPriority() {
        return with(LOW, ANY_CORE);
    }

    /// Returns somebody who is measured while all of these run.
    Contender beside(Contender contender) {
        return () -> {
            var running = new ArrayList<Process>();
            try {
                for (List<String> command : commands) {
                    running.add(new ProcessBuilder(command).inheritIO().start());
                }
                return contender.measure();
            } finally {
                end(running);
            }
        };
    }

    private CoreLoad with(int niceness, int core) {
        var all = new ArrayList<>(commands);
        all.add(twin.command("busy", Integer.toString(niceness), Integer.toString(core)));
        return new CoreLoad(twin, List.copyOf(all));
    }

    private static void end(List<Process> running) throws InterruptedException {
        running.forEach(Process::destroyForcibly);
        for (Process each : running) {
            each.waitFor();
        }
    }
}
