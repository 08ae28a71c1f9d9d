package dev.dyad.message;

import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Messages that nobody may wait to send: they go out at once or, where there is no room, by a thread that is there as
/// long as there are some.
final class SentLater {

    private final MessageChannel channel;
    private final ArrayDeque<ByteBuffer> messages = new ArrayDeque<>(0); // its own lock
    private boolean sends;

    SentLater(MessageChannel channel) {
        this.channel = channel;
    }

    /// Sends a message some time.
    ///
    /// @return how many wait now
    int send(ByteBuffer message) {
        synchronized (messages) {
            if (!sends && trySend(message)) {
                return 0;
            }
            messages.add(message);
            if (sends) {
                return messages.size();
            }
            sends = true;
        }
        try {
            LibraryThreads.startVirtual("dyad-request", this::sendAll);
        } catch (OutOfMemoryError noThread) {
            channel.end("there is no thread left to send: " + noThread.getMessage());
            synchronized (messages) {
                messages.clear();
            }
        }
        return 1;
    }

    private boolean trySend(ByteBuffer message) {
        try {
            return channel.trySend(message);
        } catch (IOException e) {
            return true; // nobody is there any more
        }
    }

    private void sendAll() {
        try {
            for (ByteBuffer message = next(); message != null; message = next()) {
                channel.send(message);
            }
        } catch (IOException e) {
            synchronized (messages) {
                messages.clear(); // nobody is there any more, and this stays so
            }
        }
    }

    private @Nullable ByteBuffer next() {
        synchronized (messages) {
            ByteBuffer message = messages.poll();
            sends = message != null;
            return message;
        }
    }
}
