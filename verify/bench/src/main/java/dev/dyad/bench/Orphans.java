package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.Signal;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Kills a JVM that has children: prints how many milliseconds later the last of them is gone.
///
/// Every other one waits for a word, and ends because there will be none; the others know of nothing, and get a signal.
public final class Orphans {

    private static final long PAUSE_NANOS = 100_000;

    private Orphans() {}

    /// Measures.
    ///
    /// @param arguments how many children there are, and a program that echoes
    public static void main(String[] arguments) throws Exception {
        try (Child parent = JavaCommand.of(Orphans::parent, arguments).spawn()) {
            List<ProcessHandle> children = children(parent.socket(), Integer.parseInt(arguments[0]));
            long killed = System.nanoTime();
            boolean _ = parent.signal(Signal.KILL);
            for (ProcessHandle child : children) {
                while (isThere(child)) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            System.out.println((System.nanoTime() - killed) / 1e6);
        }
    }

    private static void parent(String[] arguments) throws IOException {
        StreamSocket end = Inherited.socket();
        int children = Integer.parseInt(arguments[0]);
        for (int i = 0; i < children; i++) {
            Child child = i % 2 == 0 ? waiting(arguments[1]) : unknowing();
            end.write(ByteBuffer.allocate(Long.BYTES).putLong(child.pid()).flip());
        }
        int _ = end.read(ByteBuffer.allocate(1)); // until it is killed
    }

    private static Child waiting(String program) throws IOException {
        return Command.of(program, "echo").spawn();
    }

    private static Child unknowing() throws IOException {
        return Command.of("sleep", "600").parentDeathSignal(Signal.KILL).spawn();
    }

    private static List<ProcessHandle> children(StreamSocket end, int number) throws IOException {
        var children = new ArrayList<ProcessHandle>();
        for (int i = 0; i < number; i++) {
            var pid = ByteBuffer.allocate(Long.BYTES);
            while (pid.hasRemaining() && end.read(pid) >= 0) {
                Thread.onSpinWait();
            }
            children.add(ProcessHandle.of(pid.flip().getLong()).orElseThrow());
        }
        return children;
    }

    /// One that nobody has reaped yet has no command line.
    private static boolean isThere(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }
}
