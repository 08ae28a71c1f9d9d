package dev.dyad.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Signals that a process has got and blocks: they stay, so that whether one was sent is known and not waited for.
public final class PendingSignals {

    private static final int SIGTERM = 15;

    /// A Python program's first lines, after which it and what it starts block SIGTERM.
    public static final String BLOCKS_SIGTERM = """
            import signal
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            """;

    private PendingSignals() {}

    /// Returns whether a process that blocks SIGTERM was sent it.
    public static boolean haveSigterm(ProcessHandle process) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
        if (!isIn(status.stream(), "SigBlk:")) {
            throw new AssertionError(process + " does not block SIGTERM");
        }
        return isIn(status.stream(), "SigPnd:") || isIn(status.stream(), "ShdPnd:");
    }

    private static boolean isIn(Stream<String> status, String row) {
        return status.filter(line -> line.startsWith(row))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(row.length()).strip(), 16))
                .anyMatch(signals -> (signals >> (SIGTERM - 1) & 1) == 1);
    }
}
