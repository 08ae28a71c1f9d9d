package dev.dyad.message;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Messages of Node's that wait to be received. For one thread at a time.
final class KeptMessages {

    /// So much is kept while somebody waits for an answer that comes behind it.
    static final long MOST = 1 << 20;

    private static final long OF_EACH = 64; // bytes that a message counts besides its own
    private static final int OF_A_HANDLE = 1 << 16; // likewise: at most sixteen descriptors are kept

    private final ArrayDeque<NodeMessage> messages = new ArrayDeque<>();
    private long size;
    private boolean closed;

    /// Keeps a message.
    ///
    /// @return false if none is kept any more
    boolean add(NodeMessage message) {
        if (!closed) {
            messages.add(message);
            size += size(message);
        }
        return !closed;
    }

    /// Takes the first one.
    @Nullable
    NodeMessage poll() {
        NodeMessage first = messages.poll();
        if (first != null) {
            size -= size(first);
        }
        return first;
    }

    private static long size(NodeMessage message) {
        return OF_EACH + message.bytes().remaining() + (message.kind().isPresent() ? OF_A_HANDLE : 0);
    }

    boolean hasRoom() {
        return size < MOST;
    }

    /// Closes all, and those to come are not kept.
    void close() {
        closed = true;
        messages.forEach(NodeMessage::close);
        messages.clear();
    }
}
