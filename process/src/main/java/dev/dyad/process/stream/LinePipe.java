package dev.dyad.process.stream;

import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.thread.BlockingCalls;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The lines that a child writes to a pipe, each of which a callback is called with, one after the other.
///
/// That is done by a thread of a pool as long as there are lines, so that the reaper waits for no callback.
public final class LinePipe extends ReadPipe {

    /// Nothing more is read while more than this has not been taken.
    static final int BACKLOG = LineBuffer.LONGEST;

    private static final BlockingCalls CALLBACKS = new BlockingCalls("dyad-lines", 1024);
    private static final long NEVER = -1;

    private final Consumer<? super String> callback;
    private final CompletableFuture<@Nullable Void> delivered = new CompletableFuture<>();

    // -- guarded by this
    private final LineBuffer buffer = new LineBuffer();
    private long read; // all in all
    private long due = NEVER; // so much is to be delivered, as a line if it is none
    private boolean delivers; // by a thread that is there or has been asked for
    private @Nullable Thread caller; // of the callback

    public LinePipe(PipeEnd source, Consumer<? super String> callback) {
        super(source);
        this.callback = callback;
    }

    /// Returns what is done when the callback has returned from all that the child wrote before it ended.
    CompletableFuture<@Nullable Void> delivered() {
        return delivered;
    }

    /// Returns whether this thread is in the callback.
    synchronized boolean isCalledHere() {
        return Thread.currentThread().equals(caller);
    }

    /// Delivers what there is, even if it is no whole line: the child will not go on with it. May be told again.
    synchronized void childEnded() {
        if (due == NEVER) {
            due = read; // and not what another process has written since
        }
        deliverOrFail();
    }

    private void deliverOrFail() {
        try {
            deliver();
        } catch (Throwable noThread) {
            over(noThread);
        }
    }

    @Override
    void add(ByteBuffer some) {
        int length = some.remaining();
        buffer.add(some);
        read += length;
        deliver();
    }

    @Override
    boolean hasRoom() {
        return buffer.size() <= BACKLOG; // so that a line that is too long can be told from one that ends
    }

    @Override
    synchronized void over(@Nullable Throwable why) {
        if (why == null) {
            due = read;
            deliverOrFail();
        } else {
            boolean _ = delivered.completeExceptionally(why);
        }
    }

    /// Has a thread deliver what there is.
    private void deliver() {
        if (!delivers && isDue()) {
            delivers = true;
            boolean asked = false;
            try {
                CALLBACKS.execute(this::deliverAll);
                asked = true;
            } finally {
                delivers = asked;
            }
        }
    }

    private boolean isDue() {
        boolean isLine = buffer.hasLine();
        long taken = read - buffer.size();
        if (due != NEVER && taken >= due) {
            boolean _ = delivered.complete(null); // whatever a process that was left behind goes on to write
        }
        return isLine || (buffer.size() > 0 && taken < due);
    }

    private void deliverAll() {
        boolean more = true;
        while (more) {
            try {
                more = deliverOne();
            } catch (Throwable thrown) {
                tell(thrown);
            }
        }
    }

    private boolean deliverOne() {
        String line;
        try {
            line = next();
        } finally {
            goOn();
        }
        if (line == null) {
            return false;
        }
        try {
            callback.accept(line);
        } finally {
            leave();
        }
        return true;
    }

    private synchronized @Nullable String next() {
        if (!isDue()) {
            delivers = false;
            return null;
        }
        String line = buffer.hasLine() ? buffer.line() : buffer.rest();
        caller = Thread.currentThread();
        return line;
    }

    private synchronized void leave() {
        caller = null;
        boolean _ = Thread.interrupted(); // which the callback may have left, and the next one has no part in
    }

    /// Tells what a callback has thrown as if its thread had ended by it.
    private static void tell(Throwable thrown) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (Throwable _) {
            // as there is no memory: there is nobody else to be told
        }
    }
}
