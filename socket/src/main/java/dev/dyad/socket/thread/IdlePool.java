package dev.dyad.socket.thread;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps a few things that hold descriptors for the next user, and closes them once nobody has used one for a
/// while.
///
/// A field of a class could keep them for ever, but goes with its class loader, and nobody would close them then.
///
/// @param <T> what it keeps
public final class IdlePool<T> {

    private static final long IDLE_NANOS = LibraryThreads.IDLE.toNanos();

    private final int most;
    private final Consumer<T> closing;
    private final Deque<T> idle = new ArrayDeque<>(); // guarded by this
    private boolean used; // since the thread looked last; guarded by this
    private boolean watched; // whether the thread runs; guarded by this

    /// Makes a pool without anything in it.
    ///
    /// @param most how many it keeps
    /// @param closing closes one, and waits for nobody
    public IdlePool(int most, Consumer<T> closing) {
        this.most = most;
        this.closing = closing;
    }

    /// Takes the one that was used last.
    ///
    /// @return it, which is the caller's now, or `null` if there is none
    public synchronized @Nullable T take() {
        used = true;
        return idle.poll();
    }

    /// Takes one that suits best, or the one that was used last.
    ///
    /// @param best what suits best
    /// @return it, which is the caller's now, or `null` if there is none
    public synchronized @Nullable T take(Predicate<T> best) {
        for (Iterator<T> all = idle.iterator(); all.hasNext(); ) {
            T item = all.next();
            if (best.test(item)) {
                all.remove();
                used = true;
                return item;
            }
        }
        return take();
    }

    /// Keeps one, or closes it where there are enough, or no thread to close it later.
    ///
    /// @param item what nobody uses any more
    public void giveBack(T item) {
        if (!keeps(item)) {
            closing.accept(item);
        }
    }

    private synchronized boolean keeps(T item) {
        if (idle.size() >= most || !isWatched()) {
            return false;
        }
        used = true;
        idle.push(item);
        return true;
    }

    private boolean isWatched() {
        if (!watched) {
            try {
                Thread _ = LibraryThreads.start("dyad-idle", this::run);
                watched = true;
            } catch (OutOfMemoryError noThread) {
                return false;
            }
        }
        return true;
    }

    private void run() {
        do {
            EventThread.rest(this, IDLE_NANOS);
        } while (isUsed());
        for (T unused = unused(); unused != null; unused = unused()) {
            try {
                closing.accept(unused);
            } catch (Throwable noMemory) {
                // a number is lost, which is better than all that follow
            }
        }
    }

    private synchronized boolean isUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    private synchronized @Nullable T unused() {
        T unused = idle.pollLast();
        watched = unused != null;
        return unused;
    }
}
