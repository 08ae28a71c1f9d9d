package dev.dyad.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Answers handles that have come, without waiting: a thread that reads goes on reading, or two sides that
/// answer each other could wait for ever.
///
/// A peer waits for each answer before it sends another handle, so that one thread at most is needed here.
final class NodeAnswers {

    static final String ACK = "NODE_HANDLE_ACK";
    static final String NACK = "NODE_HANDLE_NACK";

    private static final int MOST_WAITING = 1; // behind the one that is being sent, which its peer may have already

    private final MessageChannel channel;
    private final SentLater later;

    NodeAnswers(MessageChannel channel) {
        this.channel = channel;
        later = new SentLater(channel);
    }

    /// Sends an answer, or has a thread of our own send it.
    ///
    /// @param handle what it answers
    void send(String command, Message handle) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(("{\"cmd\":\"" + command + "\"}").getBytes(US_ASCII));
        if (later.send(line) > MOST_WAITING) {
            throw channel.misbehaved("a handle before the last one was answered", handle);
        }
    }
}
