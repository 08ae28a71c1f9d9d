package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;

/// Starts many children that live: prints how many threads this JVM has then that it had not before.
public final class Crowd {

    private Crowd() {}

    /// Counts.
    ///
    /// @param arguments whose children, how many, and the program that rests
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean ours = arguments[0].equals(PeerPairs.OURS);
        int children = Integer.parseInt(arguments[1]);
        int before = threads();
        System.out.println((ours ? started(children, arguments[2]) : startedByJdk(children, arguments[2])) - before);
    }

    private static int started(int number, String program) throws IOException, InterruptedException {
        var children = new ArrayList<Child>();
        for (int i = 0; i < number; i++) {
            children.add(Command.of(program, "rest").spawn());
        }
        int threads = threads();
        for (Child child : children) {
            boolean _ = child.signal(Signal.KILL);
            var _ = child.waitFor();
            child.close();
        }
        return threads;
    }

    private static int startedByJdk(int number, String program) throws IOException, InterruptedException {
        var children = new ArrayList<Process>();
        for (int i = 0; i < number; i++) {
            children.add(new ProcessBuilder(program, "rest").start());
        }
        int threads = threads();
        for (Process child : children) {
            int _ = child.destroyForcibly().waitFor();
        }
        return threads;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
