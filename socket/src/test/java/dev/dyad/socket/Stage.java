package dev.dyad.socket;

import dev.dyad.harness.Await;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One run of an operation: made is what it needs, [#run] is watched, and the rest is not.
abstract class Stage implements Closeable {

    static final Duration SOON = Duration.ofSeconds(5);

    /// Does what is walked.
    abstract void run() throws Exception;

    /// Does, on another thread, what the operation waits for; `over` tells when it no longer does.
    void meanwhile(BooleanSupplier over) throws Exception {}

    /// Looks at what the operation has left.
    ///
    /// @param thrown how it failed, or `null`
    void verify(@Nullable Throwable thrown) throws Exception {}

    @Override
    public abstract void close() throws IOException;

    /// Returns some bytes, always the same.
    static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static Deadline soon() {
        return Deadline.after(SOON);
    }

    static Deadline shortly() {
        return Deadline.after(Duration.ofMillis(10));
    }

    /// A call that is to wait in vain.
    @FunctionalInterface
    interface Call {
        void make() throws Exception;
    }

    /// Makes a call whose deadline passes.
    static void late(Call call) throws Exception {
        try {
            call.make();
        } catch (SocketTimeoutException expected) {
            return;
        }
        throw new IllegalStateException("not late");
    }

    /// Returns once a thread waits in `end`, or the operation is over.
    static void awaitWaiter(Endpoint end, BooleanSupplier over) {
        Await.until(() -> end.waiters() > 0 || over.getAsBoolean(), SOON);
    }
}
