package dev.dyad.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A program that runs, until it is closed at the latest.
record Started(Process process) implements AutoCloseable {

    long pid() {
        return process.pid();
    }

    /// What it reads.
    OutputStream in() {
        return process.getOutputStream();
    }

    InputStream out() {
        return process.getInputStream();
    }

    InputStream err() {
        return process.getErrorStream();
    }

    int waitFor() throws InterruptedException {
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
