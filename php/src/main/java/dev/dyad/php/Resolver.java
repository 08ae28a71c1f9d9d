package dev.dyad.php;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls that look a host up: they may wait for a server, and nothing but its answer ends them.
final class Resolver {

    private Resolver() {}

    /// Makes a call here, or for a virtual thread, whose carrier must not wait, on a thread of its own.
    static <T extends @Nullable Object> T call(Supplier<T> lookup) {
        return Thread.currentThread().isVirtual()
                ? CompletableFuture.supplyAsync(lookup, Resolver::start).join()
                : lookup.get();
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().name("dyad-resolver").daemon().start(task);
    }
}
