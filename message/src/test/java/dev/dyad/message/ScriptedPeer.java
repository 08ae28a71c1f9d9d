package dev.dyad.message;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;

/// A peer of which a test says when it is known how it has ended.
@NullUnmarked // what is not there fails the test
final class ScriptedPeer implements ChannelPeer {

    /// Is open once somebody wants to know it.
    final CountDownLatch asked = new CountDownLatch(1);

    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile boolean isAskedHow;

    /// Lets it be known.
    void settleNow() {
        known.complete(null);
    }

    /// Whether a thread waits to know how it has broken.
    boolean isAskedHow() {
        return isAskedHow && !known.isDone();
    }

    @Override
    public long pid() {
        return 0;
    }

    @Override
    public boolean isSettled() {
        return known.isDone();
    }

    @Override
    public void settle() {
        asked.countDown();
        var _ = known.join(); // which keeps an interrupt
    }

    @Override
    public Closed ended() {
        settle();
        return new Closed.Ended();
    }

    @Override
    public Closed broken(IOException why) {
        isAskedHow = true;
        settle();
        isAskedHow = false;
        return new Closed.Broken(why);
    }
}
