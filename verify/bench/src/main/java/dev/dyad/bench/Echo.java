package dev.dyad.bench;

import dev.dyad.process.Inherited;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Gives back what it reads: the other side of [RoundTrip].
public final class Echo {

    private static final int MESSAGE = 64;

    private Echo() {}

    /// Echoes until nobody asks any more.
    public static void main(String[] arguments) throws IOException {
        var message = ByteBuffer.allocateDirect(MESSAGE);
        try (StreamSocket parent = Inherited.socket()) {
            while (parent.read(message.clear()) > 0) {
                parent.write(message.flip());
            }
        }
    }
}
