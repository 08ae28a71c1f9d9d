package dev.dyad.bench;

import dev.dyad.message.RequestFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/// How many requests are answered in a second.
final class RequestRate {

    static final int WARM_UP = 4; // times as long

    private RequestRate() {}

    /// Whoever is asked.
    @FunctionalInterface
    interface Asked {
        ByteBuffer call(ByteBuffer request) throws RequestFailedException;
    }

    /// Asks from so many virtual threads for so long, after a while that warms up what is measured.
    ///
    /// @param asked whom each of the threads asks
    /// @return how many thousand requests a second are answered
    static double thousands(IntFunction<Asked> asked, int threads, double seconds) throws InterruptedException {
        double _ = once(asked, threads, WARM_UP * seconds);
        return once(asked, threads, seconds);
    }

    private static double once(IntFunction<Asked> asked, int threads, double seconds) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        var answered = new LongAdder();
        List<Thread> asking = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Asked its = asked.apply(i);
            asking.add(Thread.startVirtualThread(() -> ask(its, end, answered)));
        }
        for (Thread thread : asking) {
            thread.join();
        }
        return answered.sum() / ((System.nanoTime() - start) / 1e9) / 1e3;
    }

    private static void ask(Asked asked, long end, LongAdder answered) {
        var message = ByteBuffer.allocate(RoundTrip.MESSAGE);
        try {
            while (System.nanoTime() < end) {
                asked.call(message.clear());
                answered.increment();
            }
        } catch (RequestFailedException e) {
            throw new AssertionError(e);
        }
    }
}
