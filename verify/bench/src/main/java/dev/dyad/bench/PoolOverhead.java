package dev.dyad.bench;

import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.worker.Workers;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/// Asks a pool of one worker and a channel to another, one after the other, request by request: prints how many
/// microseconds a request of each takes.
public final class PoolOverhead {

    /// Of half the requests through the pool.
    static final String POOL_P50 = "pool-p50";
    /// Of 99 of 100.
    static final String POOL_P99 = "pool-p99";
    /// Of half the requests by the channel.
    static final String CHANNEL_P50 = "channel-p50";
    /// Of 99 of 100.
    static final String CHANNEL_P99 = "channel-p99";

    private final ByteBuffer message = ByteBuffer.allocate(RoundTrip.MESSAGE);
    private final RequestRate.Asked pool;
    private final RequestRate.Asked channel;

    private PoolOverhead(RequestRate.Asked pool, RequestRate.Asked channel) {
        this.pool = pool;
        this.channel = channel;
    }

    /// Measures for so long, after a while that warms up what is measured.
    ///
    /// @param arguments how many seconds count, and the program that the workers are
    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[0]);
        Command command = Command.of(arguments[1]);
        try (Workers workers = AskedWorkers.plan(command).workers(1).start();
                Child child = command.spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()))) {
            var overhead = new PoolOverhead(workers::call, requests::call);
            overhead.measure(RequestRate.WARM_UP * seconds, new Histogram(3), new Histogram(3));
            var ofPool = new Histogram(3);
            var ofChannel = new Histogram(3);
            overhead.measure(seconds, ofPool, ofChannel);
            print(POOL_P50, ofPool, 50);
            print(POOL_P99, ofPool, 99);
            print(CHANNEL_P50, ofChannel, 50);
            print(CHANNEL_P99, ofChannel, 99);
        }
    }

    private void measure(double seconds, Histogram ofPool, Histogram ofChannel) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do { // each as often after itself as after the other
            ofPool.recordValue(nanos(pool));
            ofChannel.recordValue(nanos(channel));
            ofChannel.recordValue(nanos(channel));
            ofPool.recordValue(nanos(pool));
        } while (System.nanoTime() < end);
    }

    private long nanos(RequestRate.Asked asked) throws Exception {
        long begun = System.nanoTime();
        asked.call(message.clear());
        return System.nanoTime() - begun;
    }

    private static void print(String name, Histogram nanos, int percent) {
        System.out.println(name + "=" + nanos.getValueAtPercentile(percent) / 1e3);
    }
}
