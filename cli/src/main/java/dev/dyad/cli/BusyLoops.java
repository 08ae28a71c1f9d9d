package dev.dyad.cli;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Processes that only burn processor time, to see what a test does on a busy machine.
///
/// They end when this is closed, and when this JVM is killed.
final class BusyLoops {

    private final Deque<Child> loops = new ArrayDeque<>();

    BusyLoops(int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                loops.add(Command.of("sh", "-c", "while :; do :; done")
                        .parentDeathSignal(Signal.KILL)
                        .spawn());
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    void close() throws IOException {
        for (Child loop : loops) {
            loop.signal(Signal.KILL);
            loop.close();
        }
    }
}
