package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The same few calls on ends of every kind.
final class Ends {

    private static final int LONGEST = 16 << 10;
    private static final Duration NONE = Duration.ZERO;

    private Ends() {}

    /// Sends a short text, for which there is room.
    static void put(Endpoint end, String text) throws IOException {
        switch (end) {
            case StreamSocket stream -> stream.write(UTF_8.encode(text));
            case MessageSocket messages -> messages.send(UTF_8.encode(text));
            default -> throw new IllegalArgumentException(end.toString());
        }
    }

    /// Sends as long as there is room.
    static void fill(Endpoint end) throws IOException {
        var chunk = ByteBuffer.allocate(LONGEST);
        boolean room = true;
        while (room) {
            room = putNow(end, chunk.clear());
        }
    }

    /// Receives what is there, without waiting.
    ///
    /// @return the text, `null` if nothing is there, or empty at the end
    static @Nullable String take(Endpoint end) throws IOException {
        var room = ByteBuffer.allocate(LONGEST);
        return takeNow(end, room) ? UTF_8.decode(room.flip()).toString() : null;
    }

    /// Receives all that is there.
    static void drain(Endpoint end) throws IOException {
        String taken = take(end);
        while (taken != null && !taken.isEmpty()) {
            taken = take(end);
        }
    }

    private static boolean putNow(Endpoint end, ByteBuffer chunk) throws IOException {
        return switch (end) {
            case StreamSocket stream -> {
                try {
                    yield stream.write(chunk, Deadline.after(NONE)) > 0;
                } catch (SocketTimeoutException full) {
                    yield false;
                }
            }
            case MessageSocket messages -> messages.trySend(chunk);
            default -> throw new IllegalArgumentException(end.toString());
        };
    }

    private static boolean takeNow(Endpoint end, ByteBuffer room) throws IOException {
        return switch (end) {
            case StreamSocket stream -> {
                try {
                    int _ = stream.read(room, Deadline.after(NONE));
                    yield true;
                } catch (SocketTimeoutException nothing) {
                    yield false;
                }
            }
            case MessageSocket messages -> {
                try (Received received = messages.tryReceive(room, 0)) {
                    yield received != null;
                }
            }
            default -> throw new IllegalArgumentException(end.toString());
        };
    }
}
