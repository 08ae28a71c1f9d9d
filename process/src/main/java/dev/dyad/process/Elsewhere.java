package dev.dyad.process;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/// Runs what blocks in a system call for a virtual thread, which must not, and what has to be done by one thread.
final class Elsewhere {

    interface Call<T> {
        T run() throws IOException;
    }

    /// The one thread that never ends before the JVM does.
    private static final class OneThread {
        static final Executor EXECUTOR = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("dyad-spawner").daemon().factory());
    }

    private Elsewhere() {}

    /// Runs `call` on a platform thread of the common pool, and waits for it whether interrupted or not.
    static <T> T call(Call<T> call) throws IOException {
        return call(ForkJoinPool.commonPool(), call);
    }

    /// Runs `call` on a platform thread that does not end, the same one each time, and waits for it as well.
    static <T> T callInOneThread(Call<T> call) throws IOException {
        return call(OneThread.EXECUTOR, call);
    }

    private static <T> T call(Executor executor, Call<T> call) throws IOException {
        var result = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.run();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                executor);
        try {
            return result.join();
        } catch (CompletionException e) {
            throw rethrown(Objects.requireNonNull(e.getCause()));
        }
    }

    private static IOException rethrown(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException(cause);
        };
    }
}
