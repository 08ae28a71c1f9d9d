package dev.dyad.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Processes that want a core each, for as long as something is measured. Each ends by itself when this JVM has ended.
///
/// @param program that of `processes.c`
/// @param commands what starts each of them
record CoreLoad(String program, List<List<String>> commands) {

    private static final int USUAL = 0;
    private static final int LOW = 19;
    private static final int ANY_CORE = -1;

    /// Returns none so far.
    static CoreLoad of(String program) {
        return new CoreLoad(program, List.of());
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

    /// Something that is done while others want the cores.
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /// Returns somebody who is measured while all of these run.
    Contender beside(Contender contender) {
        return () -> {
            var figure = new double[1];
            during(() -> figure[0] = contender.measure());
            return figure[0];
        };
    }

    /// Does something while all of these run.
    void during(Work work) throws IOException, InterruptedException {
        var running = new ArrayList<Process>();
        try {
            for (List<String> command : commands) {
                running.add(new ProcessBuilder(command).inheritIO().start());
            }
            work.run();
        } finally {
            end(running);
        }
    }

    private CoreLoad with(int niceness, int core) {
        var all = new ArrayList<>(commands);
        all.add(List.of(program, "busy", Integer.toString(niceness), Integer.toString(core)));
        return new CoreLoad(program, List.copyOf(all));
    }

    private static void end(List<Process> running) throws InterruptedException {
        running.forEach(Process::destroyForcibly);
        for (Process each : running) {
            each.waitFor();
        }
    }
}
