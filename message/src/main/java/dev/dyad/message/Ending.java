package dev.dyad.message;

import dev.dyad.socket.thread.LibraryThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one event by which a channel ends.
final class Ending {

    private final AtomicReference<@Nullable Closed> how = new AtomicReference<>();
    private final CompletableFuture<Closed> told = new CompletableFuture<>();

    /// Ends it, if nothing has before.
    ///
    /// @return whether it was this
    boolean end(Closed event) {
        if (!how.compareAndSet(null, event)) {
            return false;
        }
        // On a thread of its own, since what users have attached to it may take long.
        LibraryThreads.startVirtual("dyad-closed", () -> told.complete(event));
        return true;
    }

    /// Returns the event, or `null` before there is one.
    @Nullable Closed now() {
        return how.get();
    }

    /// Returns a future of the event, which nobody else can complete.
    CompletableFuture<Closed> future() {
        return told.copy();
    }

    void requireOpen() throws ChannelClosedException {
        Closed event = how.get();
        if (event != null) {
            throw new ChannelClosedException(event);
        }
    }
}
