package dev.dyad.bench;

import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What the first pair of a JVM costs: loading, linking and all. Prints nanoseconds.
public final class FirstUse {

    private FirstUse() {}

    /// Opens, uses and closes one pair.
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        try (var pair = SocketPair.stream()) {
            pair.left().write(ByteBuffer.allocate(64));
            pair.right().read(ByteBuffer.allocate(64));
        }
        System.out.println(System.nanoTime() - start);
    }
}
