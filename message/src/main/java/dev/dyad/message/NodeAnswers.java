package dev.dyad.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/// Answers handles that have come, without waiting: a thread that reads goes on reading, or two sides that
/// answer each other could wait for ever.
///
/// A peer waits for each answer before it sends another handle, so that one thread at most is needed here.
final class NodeAnswers {

    static final String ACK = "NODE_HANDLE_ACK";
    static final String NACK = "NODE_HANDLE_NACK";

    private final MessageChannel channel;
    private final AtomicBoolean underWay = new AtomicBoolean();

    NodeAnswers(MessageChannel channel) {
        this.channel = channel;
    }

    /// Sends an answer, or has a thread of our own send it.
    ///
    /// @param handle what it answers
    void send(String command, Message handle) throws IOException {
        if (!underWay.compareAndSet(false, true)) {
            throw channel.misbehaved("a handle before the last one was answered", handle);
        }
        ByteBuffer line = ByteBuffer.wrap(("{\"cmd\":\"" + command + "\"}").getBytes(US_ASCII));
        boolean isLeft = false;
        try {
            isLeft = !channel.trySend(line);
            if (isLeft) {
                LibraryThreads.startVirtual("dyad-node-answer", () -> sendOn(line));
            }
        } catch (IOException gone) {
            // then nobody waits for it, and what came is a message all the same
        } catch (OutOfMemoryError noThread) {
            isLeft = false;
            channel.end("there is no thread left to answer a handle: " + noThread.getMessage());
        } finally {
            if (!isLeft) {
                underWay.set(false);
            }
        }
    }

    private void sendOn(ByteBuffer line) {
        try {
            channel.send(line);
        } catch (IOException gone) {
            // likewise
        } finally {
            underWay.set(false);
        }
    }
}
