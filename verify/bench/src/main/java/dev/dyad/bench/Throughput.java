package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/// One end of a pair whose other end a C program has: prints the GB/s that go through. Its twin is in `processes.c`.
public final class Throughput {

    private static final int CHUNK = 1 << 16;
    private static final int BATCH = 64;

    private final StreamSocket end;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);

    private Throughput(StreamSocket end) {
        this.end = end;
    }

    /// Gives or takes.
    ///
    /// @param arguments what this side does (`give` or `take`), the C program, and how many seconds count
    public static void main(String[] arguments) throws IOException {
        boolean gives = arguments[0].equals("give");
        double seconds = Double.parseDouble(arguments[2]);
        try (Child child = Command.of(arguments[1], gives ? "take" : "give").spawn();
                StreamSocket end = child.socket()) {
            var throughput = new Throughput(end);
            double _ = throughput.gigabytesPerSecond(gives, seconds);
            System.out.println(throughput.gigabytesPerSecond(gives, seconds));
        }
    }

    /// Measures for so long, and by the way warms up what it measures.
    private double gigabytesPerSecond(boolean gives, double seconds) throws IOException {
        long start = System.nanoTime();
        long bytes = 0;
        double passed;
        do {
            for (int i = 0; i < BATCH; i++) {
                bytes += gives ? end.write(chunk.clear()) : take();
            }
            passed = (System.nanoTime() - start) / 1e9;
        } while (passed < seconds);
        return bytes / passed / 1e9;
    }

    private int take() throws IOException {
        int taken = end.read(chunk.clear());
        if (taken < 0) {
            throw new IOException("the giver has gone");
        }
        return taken;
    }
}
