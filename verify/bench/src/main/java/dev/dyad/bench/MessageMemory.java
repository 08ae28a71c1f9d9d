package dev.dyad.bench;

import com.sun.management.ThreadMXBean;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Prints how many bytes of the heap a message of 64 bytes takes on its way, beyond what is handed out; or an
/// idle channel that has sent and received, beyond its end.
public final class MessageMemory {

    static final String MESSAGE = "message";
    static final String CHANNEL = "channel";

    private static final int SMALL = 64;
    private static final int MESSAGES = 200_000;
    private static final int PAIRS = 5_000;
    private static final int COLLECTIONS = 3;

    private MessageMemory() {}

    /// Measures.
    ///
    /// @param arguments what
    public static void main(String[] arguments) throws IOException {
        System.out.println(arguments[0].equals(MESSAGE) ? ofMessage() : ofChannel());
    }

    private static double ofMessage() throws IOException {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            var message = ByteBuffer.allocate(SMALL);
            long _ = allocated(left, right, message);
            double ofObject = 40; // a Message, with compressed pointers
            double each = (double) allocated(left, right, message) / MESSAGES;
            return each - handedOut() - ofObject;
        }
    }

    private static long allocated(MessageChannel left, MessageChannel right, ByteBuffer message) throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MESSAGES; i++) {
            left.send(message.clear());
            try (Message received = right.receive()) {
                if (received == null || received.length() != SMALL) {
                    throw new IOException("not the message");
                }
            }
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /// Returns what a buffer of the message's own takes.
    private static double handedOut() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<ByteBuffer> kept = new ArrayList<>(MESSAGES);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MESSAGES; i++) {
            kept.add(ByteBuffer.allocate(SMALL));
        }
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / kept.size();
    }

    private static double ofChannel() throws IOException {
        List<SocketPair<StreamSocket>> pairs = new ArrayList<>(PAIRS);
        var message = ByteBuffer.allocate(SMALL);
        for (int i = 0; i < PAIRS; i++) {
            SocketPair<StreamSocket> pair = SocketPair.stream();
            pair.left().write(message.clear()); // so that what an end keeps of a call is no channel's
            pair.right().read(message.clear());
            pair.right().write(message.clear());
            pair.left().read(message.clear());
            pairs.add(pair);
        }
        List<MessageChannel> channels = new ArrayList<>(2 * PAIRS);
        long before = used();
        for (SocketPair<StreamSocket> pair : pairs) {
            MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
            MessageChannel right = MessageChannel.over(pair.right(), Wire.framed());
            exchange(left, right, message);
            exchange(right, left, message);
            channels.add(left);
            channels.add(right);
        }
        double each = (used() - before) / (2.0 * PAIRS);
        for (MessageChannel channel : channels) {
            channel.close();
        }
        return each;
    }

    private static void exchange(MessageChannel from, MessageChannel to, ByteBuffer message) throws IOException {
        from.send(message.clear());
        try (Message received = to.receive()) {
            if (received == null) {
                throw new IOException("no message");
            }
        }
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
