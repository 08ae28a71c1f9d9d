package dev.dyad.bench;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.JavaCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Asks a JVM that gives back what it is asked: prints the microseconds of a request in turn, or how many
/// thousand requests a second are answered with so many in flight.
public final class AskedRequests {

    static final String IN_TURN = "in-turn";
    static final String RATE = "rate";

    private static final int WARM_UP = 4; // times as long

    private AskedRequests() {}

    /// Measures for so long, after a while that warms up what is measured.
    ///
    /// @param arguments what, how many seconds count, and for a rate the exchange and how many threads ask
    public static void main(String[] arguments) throws Exception {
        Exchange exchange = arguments[0].equals(IN_TURN) ? Exchange.IN_TURN : Exchange.valueOf(arguments[2]);
        try (Child child = JavaCommand.of(MessageEcho.class, exchange.name())
                        .command()
                        .spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), exchange)) {
            if (arguments[0].equals(IN_TURN)) {
                var message = ByteBuffer.allocate(RoundTrip.MESSAGE);
                RoundTrip.print(
                        new String[] {"", arguments[1], "0", RoundTrip.P50}, () -> requests.call(message.clear()));
            } else {
                double seconds = Double.parseDouble(arguments[1]);
                int threads = Integer.parseInt(arguments[3]);
                double _ = rate(requests, threads, WARM_UP * seconds);
                System.out.println(rate(requests, threads, seconds));
            }
        }
    }

    private static double rate(Requests requests, int threads, double seconds) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        var answered = new LongAdder();
        List<Thread> asking = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            asking.add(Thread.startVirtualThread(() -> {
                var message = ByteBuffer.allocate(RoundTrip.MESSAGE);
                try {
                    while (System.nanoTime() < end) {
                        requests.call(message.clear());
                        answered.increment();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : asking) {
            thread.join();
        }
        return answered.sum() / ((System.nanoTime() - start) / 1e9) / 1e3;
    }
}
