package dev.dyad.bench;

import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Sends messages to a C program that takes bytes: prints the millions of messages of 64 bytes a second from
/// several threads, or the GB/s of messages of 64 MiB from one, which are in memory or come in pieces.
public final class SentMessages {

    /// Messages of 64 MiB, each of which is in memory.
    static final String WHOLE = "whole";

    /// Messages of 64 MiB that nobody has in memory.
    static final String STREAMED = "streamed";

    private static final int SMALL = 64;
    private static final int LONG = 64 << 20;
    private static final int BATCH = 64;

    private SentMessages() {}

    /// Sends.
    ///
    /// @param arguments how many threads, or which long messages, the C program, and how many seconds count
    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[2]);
        try (Child child = Command.of(arguments[1], "take").spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            double _ = sent(arguments[0], channel, seconds);
            System.out.println(sent(arguments[0], channel, seconds));
        }
    }

    private static double sent(String what, MessageChannel channel, double seconds) throws Exception {
        return switch (what) {
            case WHOLE -> {
                ByteBuffer message = ByteBuffer.allocateDirect(LONG);
                yield gigabytes(() -> channel.send(message.clear()), seconds);
            }
            case STREAMED -> {
                var body = new Ready();
                yield gigabytes(() -> channel.send(body, LONG, Deadline.never()), seconds);
            }
            default -> millions(channel, Integer.parseInt(what), seconds);
        };
    }

    private interface Sending {
        void send() throws IOException;
    }

    /// Bytes that cost nothing to read, as those that C sends again and again.
    private static final class Ready implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer target) {
            int count = target.remaining();
            target.position(target.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static double gigabytes(Sending message, double seconds) throws IOException {
        long start = System.nanoTime();
        long bytes = 0;
        double passed;
        do {
            message.send();
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
