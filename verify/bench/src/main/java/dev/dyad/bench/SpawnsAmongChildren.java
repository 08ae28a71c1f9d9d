package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;

/// Starts children that rest, more and more of them, and beside each number one `/bin/true` after the other: prints the
/// microseconds that one of these takes, the median, and how many threads this JVM has.
public final class SpawnsAmongChildren implements Closeable {

    private static final int WARM_UP = 4; // times as long

    private final boolean isOurs;
    private final String resting;
    private final Deque<Closeable> children = new ArrayDeque<>();

    private SpawnsAmongChildren(boolean isOurs, String resting) {
        this.isOurs = isOurs;
        this.resting = resting;
    }

    static String micros(int children) {
        return "spawn-beside-" + children;
    }

    static String threads(int children) {
        return "jvm-threads-beside-" + children;
    }

    /// Measures.
    ///
    /// @param arguments whose children, how many seconds count, the program that rests, and several numbers of
    ///     children, from the fewest on
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean isOurs = arguments[0].equals(PeerPairs.OURS);
        double seconds = Double.parseDouble(arguments[1]);
        String what = isOurs ? Spawning.TRUE : Spawning.TRUE_BY_JDK;
        try (var among = new SpawnsAmongChildren(isOurs, arguments[2])) {
            double _ = Spawning.micros(what, WARM_UP * seconds);
            for (int i = 3; i < arguments.length; i++) {
                int number = Integer.parseInt(arguments[i]);
                among.start(number);
                System.out.println(micros(number) + "=" + Spawning.micros(what, seconds));
                System.out.println(threads(number) + "="
                        + ManagementFactory.getThreadMXBean().getThreadCount());
            }
        }
    }

    /// Ends them all.
    @Override
    public void close() throws IOException {
        while (!children.isEmpty()) {
            children.pop().close();
        }
    }

    private void start(int number) throws IOException {
        while (children.size() < number) {
            children.push(isOurs ? ours() : ofJdk());
        }
    }

    private Closeable ours() throws IOException {
        Child child = Command.of(resting, "rest").spawn();
        return () -> {
            boolean _ = child.signal(Signal.KILL);
            child.close();
        };
    }

    private Closeable ofJdk() throws IOException {
        Process child = new ProcessBuilder(resting, "rest").start();
        return child::destroyForcibly;
    }
}
