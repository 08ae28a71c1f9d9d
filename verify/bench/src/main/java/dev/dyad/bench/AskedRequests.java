package dev.dyad.bench;

import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.JavaCommand;
import java.nio.ByteBuffer;

/// Asks a JVM that gives back what it is asked: prints how long requests take in turn, or how many
/// thousand requests a second are answered with so many in flight.
public final class AskedRequests {

    static final String IN_TURN = "in-turn";
    static final String RATE = "rate";
    static final String PLATFORM_RATE = "platform-rate"; // of a platform thread, which may spin

    private AskedRequests() {}

    /// Measures for so long, after a while that warms up what is measured.
    ///
    /// @param arguments what, how many seconds count, and for a rate the exchange and how many threads ask: virtual
    ///     ones unless it is said
    public static void main(String[] arguments) throws Exception {
        Exchange exchange = arguments[0].equals(IN_TURN) ? Exchange.IN_TURN : Exchange.valueOf(arguments[2]);
        try (Child child = JavaCommand.of(MessageEcho.class, exchange.name())
                        .command()
                        .spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), exchange)) {
            if (arguments[0].equals(IN_TURN)) {
                var message = ByteBuffer.allocate(RoundTrip.MESSAGE);
                RoundTrip.print(
                        new String[] {"", arguments[1], "0", RoundTrip.PERCENTILES},
                        () -> requests.call(message.clear()));
            } else {
                double seconds = Double.parseDouble(arguments[1]);
                int threads = Integer.parseInt(arguments[3]);
                System.out.println(
                        arguments[0].equals(RATE)
                                ? RequestRate.thousands(_ -> requests::call, threads, seconds)
                                : RequestRate.thousandsOfOne(requests::call, seconds));
            }
        }
    }
}
