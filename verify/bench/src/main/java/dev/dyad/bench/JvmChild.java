package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/// A process of the JDK that ends when the process that talks to it has gone, or is ended.
record JvmChild(Process process) implements Closeable {

    private static final long PATIENCE_SECONDS = 5;

    /// Closes something that waits for the child, should that end.
    void closeWhenItEnds(Closeable waiting) {
        var _ = process.onExit().thenRun(() -> {
            try {
                waiting.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() throws IOException {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
