package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A program that we run, which does not outlive us: closed, it and what it has started are ended, if they have not
/// ended by themselves.
final class RunningProgram implements Closeable {

    private static final Duration WITH_US = Duration.ofSeconds(1);
    private static final int SECONDS = 2;

    private final Process process;
    private final FutureTask<byte[]> complaints;

    private RunningProgram(Process process) {
        this.process = process;
        complaints = new FutureTask<>(process.getErrorStream()::readAllBytes);
        Thread _ = Thread.startVirtualThread(complaints);
    }

    static RunningProgram start(ProcessBuilder builder) throws IOException {
        return ExitCleanup.keep(() -> new RunningProgram(builder.start()));
    }

    InputStream output() {
        return process.getInputStream();
    }

    /// Waits for its end, hands on what it has said on stderr, and returns its exit code.
    ///
    /// One that fails may have been ended together with us: nobody wants to know what that broke, so this does not
    /// return then.
    int await() throws IOException, InterruptedException {
        int code = process.waitFor();
        byte[] said = complaints();
        if (code != 0 && code != MissingPeer.EXIT_CODE) {
            ExitCleanup.awaitEnd(WITH_US);
        }
        System.err.write(said);
        return code;
    }

    private byte[] complaints() throws IOException, InterruptedException {
        try {
            return complaints.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroy();
            if (!hasEnded()) {
                process.destroyForcibly();
            }
            all.forEach(ProcessHandle::destroyForcibly);
        }
        ExitCleanup.forget(this);
    }

    private boolean hasEnded() {
        try {
            return process.waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
