package dev.dyad.bench;

import dev.dyad.message.RequestFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;

/// How many requests are answered in a second.
final class RequestRate {

    static final int WARM_UP = 4; // times as long

    private RequestRate() {}

    /// What is asked.
    @FunctionalInterface
    interface Asked {
        ByteBuffer call(ByteBuffer request) throws RequestFailedException;
    }

    /// Asks from so many virtual threads for so long, after a while that warms up what is measured.
    ///
    /// @param asked what each of the threads asks
    /// @return how many thousand requests a second are answered
    static double thousands(IntFunction<Asked> asked, int threads, double seconds) throws InterruptedException {
        ThreadFactory virtual = Thread.ofVirtual().factory();
        double _ = once(virtual, asked, threads, WARM_UP * seconds);
        return once(virtual, asked, threads, seconds);
    }

    /// Asks from one platform thread.
    static double thousandsOfOne(Asked asked, double seconds) throws InterruptedException {
        ThreadFactory platform = Thread.ofPlatform().factory();
        double _ = once(platform, _ -> asked, 1, RoundTrip.WARM_UP_TO_SPIN * seconds);
        return once(platform, _ -> asked, 1, seconds);
    }

    private static double once(ThreadFactory kind, IntFunction<Asked> asked, int threads, double seconds)
            throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<FutureTask<Long>> asking = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Asked its = asked.apply(i);
            var task = new FutureTask<Long>(() -> ask(its, end));
            asking.add(task);
            kind.newThread(task).start();
        }
        long answered = 0;
        for (FutureTask<Long> each : asking) {
            answered += answered(each);
        }
        return answered / ((System.nanoTime() - start) / 1e9) / 1e3;
    }

    /// A rate of which a caller has failed is none.
    private static long answered(FutureTask<Long> asking) throws InterruptedException {
        try {
            return asking.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static long ask(Asked asked, long end) throws RequestFailedException {
        var message = ByteBuffer.allocate(RoundTrip.MESSAGE);
        long answered = 0;
        do { // once at least, or a late thread would make the rate nothing
            asked.call(message.clear());
            answered++;
        } while (System.nanoTime() < end);
        return answered;
    }
}
