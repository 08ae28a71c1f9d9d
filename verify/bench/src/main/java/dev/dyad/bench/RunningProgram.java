package dev.dyad.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that we run, which does not outlive us: closed, it is ended if it has not ended by itself, together with
/// those of its descendants that are there then.
///
/// What it prints goes into files: a process that has its output after it has ended keeps nobody waiting.
final class RunningProgram implements Closeable {

    private static final Duration WITH_US = Duration.ofSeconds(1);
    private static final int SECONDS = 2;

    private final TemporaryFolder folder;
    private final long begun = System.nanoTime(); // nothing but the start itself is in between
    private final Process process;
    private long ended;

    private RunningProgram(ProcessBuilder builder, TemporaryFolder folder) throws IOException {
        this.folder = folder;
        process = builder.start();
    }

    static RunningProgram start(ProcessBuilder builder) throws IOException {
        var folder = TemporaryFolder.make();
        try {
            builder.redirectOutput(output(folder).toFile());
            builder.redirectError(complaints(folder).toFile());
            return ExitCleanup.keep(() -> new RunningProgram(builder, folder));
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /// Waits for its end, hands on what it has said on stderr, and returns its exit code.
    ///
    /// Does not return if it failed because it was ended together with us: nobody wants to know what that broke.
    int await() throws IOException, InterruptedException {
        int code = process.waitFor();
        ended = System.nanoTime();
        if (code != 0 && code != MissingPeer.EXIT_CODE) {
            ExitCleanup.awaitEnd(WITH_US);
        }
        System.err.write(Files.readAllBytes(complaints(folder)));
        return code;
    }

    /// Returns how many milliseconds it took, from before it was started until it had ended, once it was awaited.
    double millis() {
        return (ended - begun) / 1e6;
    }

    /// Returns what it has printed so far.
    String printed() throws IOException {
        return new String(Files.readAllBytes(output(folder)), StandardCharsets.UTF_8);
    }

    private static Path output(TemporaryFolder folder) {
        return folder.resolve("output");
    }

    private static Path complaints(TemporaryFolder folder) {
        return folder.resolve("complaints");
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            end();
        }
        ExitCleanup.forget(this);
        folder.close();
    }

    private void end() {
        List<ProcessHandle> descendants = new ArrayList<>(process.descendants().toList());
        process.destroy();
        if (!hasEnded()) {
            descendants.addAll(process.descendants().toList());
            process.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
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
