package dev.dyad.process;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Runs what blocks in a system call for a virtual thread, which must not.
final class Elsewhere {

    interface Call<T> {
        T run() throws IOException;
    }

    private Elsewhere() {}

    /// Runs `call` on a platform thread of the common pool, and waits for it whether interrupted or not.
    static <T> T call(Call<T> call) throws IOException {
        var result = CompletableFuture.supplyAsync(() -> {
            try {
                return call.run();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
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
