package dev.dyad.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A program that runs, until it is closed at the latest.
public record Started(Process process) implements AutoCloseable {

    public long pid() {
        return process.pid();
    }

    /// What it reads.
    public OutputStream in() {
        return process.getOutputStream();
    }

    public InputStream out() {
        return process.getInputStream();
    }

    public InputStream err() {
        return process.getErrorStream();
    }

    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /// Ends it and what it started, and closes our ends of its pipes.
    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        process.getInputStream().close();
        process.getErrorStream().close();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // what was still in the stream, and nobody reads any more
        }
    }
}
