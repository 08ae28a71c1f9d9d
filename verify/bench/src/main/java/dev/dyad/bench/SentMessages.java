package dev.dyad.bench;

import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Sends messages to a C program that takes bytes: prints the millions of messages of 64 bytes a second from
/// several threads, or the GB/s of messages of 64 MiB from one.
public final class SentMessages {

    private static final int SMALL = 64;
    private static final int LONG = 64 << 20;
    private static final int BATCH = 64;

    private SentMessages() {}

    /// Sends.
    ///
    /// @param arguments how many threads, or 0 for long messages, the C program, and how many seconds count
    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[0]);
        double seconds = Double.parseDouble(arguments[2]);
        try (Child child = Command.of(arguments[1], "take").spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            double _ = threads == 0 ? gigabytes(channel, seconds) : millions(channel, threads, seconds);
            System.out.println(threads == 0 ? gigabytes(channel, seconds) : millions(channel, threads, seconds));
        }
    }

    private static double gigabytes(MessageChannel channel, double seconds) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(LONG);
        long start = System.nanoTime();
        long bytes = 0;
        double passed;
        do {
            channel.send(message.clear());
            bytes += LONG;
            passed = (System.nanoTime() - start) / 1e9;
        } while (passed < seconds);
        return bytes / passed / 1e9;
    }

    private static double millions(MessageChannel channel, int threads, double seconds) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        var sent = new LongAdder();
        List<Thread> sending = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                ByteBuffer message = ByteBuffer.allocate(SMALL);
                try {
                    while (System.nanoTime() < end) {
                        for (int k = 0; k < BATCH; k++) {
                            channel.send(message.clear());
                        }
                        sent.add(BATCH);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sending.add(thread);
            thread.start();
        }
        for (Thread thread : sending) {
            thread.join();
        }
        return sent.sum() / ((System.nanoTime() - start) / 1e9) / 1e6;
    }
}
