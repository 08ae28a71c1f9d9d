package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder with room for a socket, for as long as two processes need to meet there.
final class SocketPlace implements Closeable {

    private final Path folder;

    SocketPlace() throws IOException {
        folder = Files.createTempDirectory("dyad-bench");
    }

    String path() {
        return socket().toString();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket());
        Files.delete(folder);
    }

    private Path socket() {
        return folder.resolve("s");
    }
}
