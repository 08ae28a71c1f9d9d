package dev.dyad.message;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What moves the messages of a channel: a stream of bytes with a wire, or packets.
interface MessageCarrier extends Closeable {

    void send(ByteBuffer message, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException;

    /// Sends a long message.
    ///
    /// @param whenBlocked what is done before it waits for room for the rest, where the carrier knows of that
    default void send(ByteBuffer message, Deadline deadline, Runnable whenBlocked) throws IOException {
        send(message, List.of(), deadline);
    }

    /// Sends what is too large to be in memory.
    void send(ReadableByteChannel body, long length, Deadline deadline) throws IOException;

    boolean trySend(ByteBuffer message) throws IOException;

    /// Receives a message.
    ///
    /// @param deadline until when to wait, or `null` to take what is there
    /// @return the message; or `null` after the last one, or where nothing whole is there
    @Nullable
    Message receive(@Nullable Deadline deadline) throws IOException;

    /// Returns whether something was read that nobody has received. For the one thread that receives.
    default boolean hasReadAhead() {
        return false;
    }

    void shutdownOutput() throws IOException;

    /// Sets the longest message that is received, in bytes.
    void limit(long bytes);

    /// Has messages begin with their heads from now on, in both directions. Before the first one.
    ///
    /// @param of the wire whose heads are meant
    /// @return false if these messages are not of that wire
    default boolean showHeads(Wire of) {
        return false;
    }

    /// Writes what there is room for of what is queued, as the channel is about to be closed.
    void flushNow();

    /// Lets all threads that wait go on, as the channel has ended.
    void ended(Closed event);
}
