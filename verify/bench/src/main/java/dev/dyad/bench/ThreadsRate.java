package dev.dyad.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/// Writes and reads 64 bytes on more and more threads at once, each with a pair of its own: prints how many millions a
/// second go through all of them together.
public final class ThreadsRate {

    private static final int MESSAGE = 64;
    private static final int BATCH = 100;
    private static final int WARM_UP = 2; // times as long

    private ThreadsRate() {}

    static String ofThreads(int threads) {
        return "threads-" + threads;
    }

    /// Measures each number for so long, after a while that warms up what is measured.
    ///
    /// @param arguments whose pairs, how many seconds count, and several numbers of threads
    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[1]);
        double _ = millions(arguments[0], 1, WARM_UP * seconds);
        for (int i = 2; i < arguments.length; i++) {
            int threads = Integer.parseInt(arguments[i]);
            System.out.println(ofThreads(threads) + "=" + millions(arguments[0], threads, seconds));
        }
    }

    private static double millions(String who, int threads, double seconds) throws Exception {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<FutureTask<Long>> passing = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            var task = new FutureTask<Long>(() -> pass(who, end));
            passing.add(task);
            Thread.ofPlatform().start(task);
        }
        long passed = 0;
        for (FutureTask<Long> each : passing) {
            passed += each.get();
        }
        return passed / ((System.nanoTime() - start) / 1e9) / 1e6;
    }

    private static long pass(String who, long end) throws IOException {
        var message = ByteBuffer.allocateDirect(MESSAGE);
        long passed = 0;
        try (Peer.Ends ends = PeerPairs.open(who)) {
            do {
                for (int i = 0; i < BATCH; i++) {
                    MessageSizes.writeAll(ends.left(), message.clear());
                    MessageSizes.readAll(ends.right(), message.clear());
                }
                passed += BATCH;
            } while (System.nanoTime() < end);
        }
        return passed;
    }
}
