package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/// Starts children one after the other: prints the microseconds that one takes, as a median. Its twin is `spawn.c`.
public final class Spawning {

    /// Starts `/bin/true`, and waits for its exit.
    static final String TRUE = "true";
    /// The same, by the JDK.
    static final String TRUE_BY_JDK = "true-by-jdk";
    /// The same, by two bare calls.
    static final String TRUE_BY_BARE_CALLS = "true-by-bare-calls";
    /// Starts a child that says something, until that has come.
    static final String ANSWER = "answer";

    private static final String PROGRAM = "/bin/true";
    private static final int WARMUPS = 8; // HotSpot compiles what has run thousands of times

    private Spawning() {}

    private interface Start {
        /// @return how many nanoseconds that took which counts
        long nanos() throws IOException, InterruptedException;
    }

    /// Does so for so long again and again: the last time is what counts.
    ///
    /// @param arguments what is started, how many seconds count, and the program that says something
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Start start = start(arguments[0], arguments[2]);
        double seconds = Double.parseDouble(arguments[1]);
        for (int i = 0; i < WARMUPS; i++) {
            double _ = micros(start, seconds);
        }
        System.out.println(micros(start, seconds));
    }

    private static Start start(String what, String talker) {
        return switch (what) {
            case TRUE -> Spawning::ofTrue;
            case TRUE_BY_JDK -> Spawning::ofTrueByJdk;
            case TRUE_BY_BARE_CALLS -> new BareSpawn(Arena.global(), PROGRAM)::nanos;
            case ANSWER -> () -> ofAnswer(talker);
            default -> throw new IllegalArgumentException(what);
        };
    }

    /// Returns the median of as many as there is time for.
    ///
    /// @param what one of those that start `/bin/true`
    static double micros(String what, double seconds) throws IOException, InterruptedException {
        return micros(start(what, ""), seconds);
    }

    private static double micros(Start start, double seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var micros = new ArrayList<Double>();
        do {
            micros.add(start.nanos() / 1e3);
        } while (System.nanoTime() < end);
        return Figures.of(micros).median();
    }

    private static long ofTrue() throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Child child = Command.of(PROGRAM).withoutSocket().spawn()) {
            var _ = child.waitFor();
            return System.nanoTime() - start;
        }
    }

    private static long ofTrueByJdk() throws IOException, InterruptedException {
        long start = System.nanoTime();
        int _ = new ProcessBuilder(PROGRAM).start().waitFor();
        return System.nanoTime() - start;
    }

    private static long ofAnswer(String program) throws IOException {
        long start = System.nanoTime();
        try (Child child = Command.of(program, "hello").spawn()) {
            if (child.socket().read(ByteBuffer.allocate(1)) != 1) {
                throw new IOException("the child said nothing");
            }
            return System.nanoTime() - start;
        }
    }
}
