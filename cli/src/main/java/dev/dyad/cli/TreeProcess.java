package dev.dyad.cli;

import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A program that a command runs. It ends with this JVM, which waits for it then: once the launcher has ended,
/// nothing of the program is left.
///
/// It is in our process group, so that a terminal's signals reach it; what comes only to us is handed down.
final class TreeProcess {

    /// How much later than our program we may hear of a signal that is for both.
    private static final Duration TOGETHER = Duration.ofMillis(500);

    private static final int SECONDS = 10;

    private final Process process;
    private final Thread hook = LibraryThreads.hook("dyad-end-of-program", this::end);
    private final CountDownLatch ending = new CountDownLatch(1);

    private TreeProcess(Process process) {
        this.process = process;
    }

    /// Starts it; does not return if this JVM ends already.
    ///
    /// @throws IOException if there is no such program
    static TreeProcess start(ProcessBuilder builder) throws IOException, InterruptedException {
        var started = new TreeProcess(builder.start());
        try {
            Runtime.getRuntime().addShutdownHook(started.hook);
        } catch (IllegalStateException tooLate) {
            started.end();
            started.awaitOurEnd(Duration.ZERO);
        }
        return started;
    }

    Process process() {
        return process;
    }

    /// Waits for its end, and returns its exit code. Does not return if this JVM ends: what failed because of that is
    /// told to nobody.
    int await() throws InterruptedException {
        int code = process.waitFor();
        awaitOurEnd(code == 0 ? Duration.ZERO : TOGETHER);
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException tooLate) {
            ending.countDown();
            awaitOurEnd(Duration.ZERO);
        }
        return code;
    }

    /// Returns unless this JVM begins to end within that time.
    private void awaitOurEnd(Duration time) throws InterruptedException {
        if (ending.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            Thread.currentThread().join(); // for ever
        }
    }

    private void end() {
        ending.countDown();
        process.descendants().forEach(ProcessHandle::destroy);
        boolean _ = process.toHandle().destroy(); // which leaves its output open to its reader
        try {
            boolean _ = process.waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
