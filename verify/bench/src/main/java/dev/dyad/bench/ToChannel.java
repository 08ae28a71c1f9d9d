package dev.dyad.bench;

import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;

/// Turns ends into channels of the JDK: prints the microseconds that one takes, as a median.
public final class ToChannel {

    private ToChannel() {}

    /// Does so for so long twice: the first time warms up what the second one measures.
    ///
    /// @param arguments how many seconds count
    public static void main(String[] arguments) throws IOException {
        double seconds = Double.parseDouble(arguments[0]);
        double _ = micros(seconds);
        System.out.println(micros(seconds));
    }

    private static double micros(double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var micros = new ArrayList<Double>();
        do {
            micros.add(nanosOfOne() / 1e3);
        } while (System.nanoTime() < end);
        return Figures.of(micros).median();
    }

    private static long nanosOfOne() throws IOException {
        try (var pair = SocketPair.stream()) {
            long start = System.nanoTime();
            try (SocketChannel _ = pair.left().toSocketChannel()) {
                return System.nanoTime() - start;
            }
        }
    }
}
