package dev.dyad.message;

import dev.dyad.message.gone.PeerGoneException;
import dev.dyad.message.jfr.ChannelStatisticsEvent;
import dev.dyad.process.Exit;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.jfr.FlightRecording;
import dev.dyad.socket.jfr.OpenCount;
import dev.dyad.socket.jfr.ProcessStatistics;
import dev.dyad.socket.thread.DeadlineWaits;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Cleaner;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The one event by which a channel ends.
final class Ending {

    /// For so long one still waits for what a peer sends that takes nothing any more: it may live, and never end.
    static final Duration LAST_WORD = Duration.ofSeconds(1);

    /// No reference to the event's method: to link that would touch its class.
    private static final OpenCount OPEN = new OpenCount(
            new ProcessStatistics(() -> ChannelStatisticsEvent.class, () -> ChannelStatisticsEvent.tell(Ending.OPEN)));

    private final ChannelPeer peer;
    private final Listener listener;
    private final Cleaner.Cleanable counted;
    private volatile boolean failsUnsentAtOnce;
    private volatile @Nullable Closed how; // written under this, as all that follows: an idle channel is small
    private volatile @Nullable CompletableFuture<Void> settling;
    private boolean endsOnceSettled;
    private boolean isTold;
    private @Nullable CompletableFuture<Closed> told; // once somebody has asked for it

    Ending(ChannelPeer peer, Listener listener) {
        this.peer = peer;
        this.listener = listener;
        counted = OPEN.whileOpen(this); // which goes with its channel, where that is lost
    }

    /// Hears of the event, before others are told.
    @FunctionalInterface
    interface Listener {

        /// Is called at the event, once.
        void ended(Closed event);

        /// Is called after that on another thread, where somebody records what happens.
        default void record(Closed event) {}
    }

    /// Ends it, if nothing has before.
    void end(Closed event) {
        CompletableFuture<Void> known;
        synchronized (this) {
            if (how != null) {
                return;
            }
            how = event;
            known = settling;
        }
        counted.clean();
        if (known != null) {
            known.complete(null); // so that nobody waits to know more
        }
        try {
            listener.ended(event);
        } finally {
            tell(event);
        }
    }

    /// Tells of it on a thread of its own, since what users have attached to it may take long.
    private void tell(Closed event) {
        boolean isRecorded = FlightRecording.hasBegun();
        synchronized (this) {
            isTold = !isRecorded && told == null;
            if (isTold) {
                return; // to nobody, so far
            }
        }
        try {
            LibraryThreads.startVirtual("dyad-closed", () -> {
                try {
                    listener.record(event);
                } finally {
                    complete(event);
                }
            });
        } catch (OutOfMemoryError noThread) {
            complete(event);
        }
    }

    private void complete(Closed event) {
        CompletableFuture<Closed> future;
        synchronized (this) {
            isTold = true;
            future = told;
        }
        if (future != null) {
            future.complete(event);
        }
    }

    /// Returns the process at the other end, or 0 where that is not known.
    long pid() {
        return peer.pid();
    }

    /// Has calls that have sent nothing not wait until it is known how the peer has ended.
    void failUnsentAtOnce() {
        failsUnsentAtOnce = true;
    }

    boolean failsUnsentAtOnce() {
        return failsUnsentAtOnce;
    }

    /// Requires that the peer is not known to be gone, where nobody waits to know how.
    void requireNotGone() throws PeerGoneException {
        if (failsUnsentAtOnce && now() == null && settling != null) {
            throw new PeerGoneException();
        }
    }

    /// Returns whether it is known without waiting how the peer has ended.
    boolean isSettled() {
        return now() != null || peer.isSettled();
    }

    /// Waits until it is known how the peer has ended, which takes a moment with a child.
    ///
    /// A caller that waits no longer leaves that to a thread of the channel's own, which then ends it.
    ///
    /// @param call what the user has called, for the exception
    /// @param deadline until when to wait, or `null` for not at all
    /// @param event the event that then ends it
    /// @return whether it is known, so that nothing else here waits
    /// @throws InterruptedIOException if this thread is interrupted, or the deadline has passed
    boolean isKnown(String call, @Nullable Deadline deadline, Supplier<Closed> event) throws InterruptedIOException {
        if (isSettled()) {
            return true;
        }
        CompletableFuture<Void> known = settling();
        if (now() != null) {
            return true; // since before there was somebody to wake
        }
        if (deadline == null) {
            endOnceSettled(known, event);
            return false;
        }
        try {
            DeadlineWaits.get(known, deadline);
            return true;
        } catch (TimeoutException e) {
            endOnceSettled(known, event);
            var why = "the other side is gone, and it is not known yet how it has ended";
            throw Turn.endedEarly(call, new SocketTimeoutException(why));
        } catch (InterruptedException e) {
            endOnceSettled(known, event);
            Thread.currentThread().interrupt();
            throw Turn.interrupted(call);
        } catch (ExecutionException e) {
            return true; // what failed there fails here, too
        }
    }

    private CompletableFuture<Void> settling() {
        var mine = new CompletableFuture<Void>();
        synchronized (this) {
            CompletableFuture<Void> before = settling;
            if (before != null) {
                return before;
            }
            settling = mine;
        }
        start(() -> {
            try {
                peer.settle();
            } finally {
                mine.complete(null);
            }
        });
        return mine;
    }

    private void endOnceSettled(CompletableFuture<Void> known, Supplier<Closed> event) {
        synchronized (this) {
            if (endsOnceSettled) {
                return;
            }
            endsOnceSettled = true;
        }
        var _ = known.thenRunAsync(() -> orNow(now() == null ? event.get() : null), Ending::start);
    }

    private static void start(Runnable task) {
        try {
            LibraryThreads.startVirtual("dyad-ending", task);
        } catch (OutOfMemoryError noThread) {
            task.run();
        }
    }

    /// Ends it as the peer has after its last message.
    Closed ended() {
        return orNow(now() == null ? peer.ended() : null);
    }

    /// Ends it because a call has failed, and returns what to throw for that.
    IOException failed(IOException failure) {
        return failed(failure, false, UnaryOperator.identity());
    }

    /// Ends it because a call has failed.
    ///
    /// @param begun whether it has written a part
    /// @param addUnread says more of how the peer is gone, where it is
    IOException failed(IOException failure, boolean begun, UnaryOperator<Closed> addUnread) {
        return new ChannelClosedException(orNow(now() == null ? event(failure, addUnread) : null), begun);
    }

    /// Returns how the peer has ended after its last message.
    Closed afterLast() {
        return peer.ended();
    }

    /// Returns how it ends where a call has failed.
    Closed event(IOException failure, UnaryOperator<Closed> addUnread) {
        return switch (failure) {
            case WireException misbehaved -> new Closed.Misbehaved(misbehaved);
            case ClosedChannelException closed -> new Closed.Here("what is below it was closed");
            default -> addUnread.apply(peer.broken(failure));
        };
    }

    private Closed orNow(@Nullable Closed event) {
        if (event != null) {
            end(event);
        }
        Closed now = now();
        if (now == null) {
            throw new AssertionError("an event ends it");
        }
        return now;
    }

    /// Returns the event, or `null` before there is one.
    @Nullable
    Closed now() {
        return how;
    }

    /// Returns a future of the event, which nobody else can complete.
    synchronized CompletableFuture<Closed> future() {
        CompletableFuture<Closed> future = told;
        if (future == null) {
            future = isTold ? CompletableFuture.completedFuture(how) : new CompletableFuture<>();
            told = future;
        }
        return future.copy();
    }

    /// Ends it as the peer has after its last message, and returns `null` if that is orderly: it is no
    /// child that failed.
    @Nullable
    Message orderly() throws ChannelClosedException {
        Closed closed = ended();
        boolean isOrderly = closed instanceof Closed.Ended
                || (closed instanceof Closed.ChildEnded child && child.exit().equals(new Exit.Exited(0)));
        if (!isOrderly) {
            throw new ChannelClosedException(closed);
        }
        return null;
    }

    /// Requires that what came may still be received: where the peer is gone, it may.
    void requireReadable() throws ChannelClosedException {
        Closed event = now();
        if (event != null && isOver(event)) {
            throw new ChannelClosedException(event);
        }
    }

    /// Returns whether nothing is received after an event, so that all may be closed. Where the peer is gone, what came
    /// before is.
    static boolean isOver(Closed event) {
        return switch (event) {
            case Closed.Here _, Closed.Misbehaved _, Closed.AskedToStop _ -> true;
            case Closed.Ended _, Closed.ChildEnded _, Closed.Broken _ -> false;
        };
    }

    /// Returns whether it may still be written: where the peer has ended it, that may only have been
    /// its own half.
    boolean isWritable() {
        Closed event = now();
        return event == null || event instanceof Closed.Ended;
    }

    void requireWritable() throws ChannelClosedException {
        Closed event = now();
        if (event != null && !isWritable()) {
            throw new ChannelClosedException(event);
        }
    }
}
