package dev.dyad.socket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The backlog of a descriptor on which no call blocks, until other processes are to have it as well.
///
/// `O_NONBLOCK` belongs to the open file, so that theirs would not block either, which a program that accepts does not
/// expect. So it is taken away before, unless it came with the descriptor.
final class OwnBacklog implements Backlog {

    private final NativeEnds ends;
    private final boolean mayBlock;
    private @Nullable SharedBacklog shared; // guarded by this, and none of our calls is under way when it is set

    /// @param ends the listener's
    /// @param mayBlock whether it was us who set `O_NONBLOCK`
    OwnBacklog(NativeEnds ends, boolean mayBlock) {
        this.ends = ends;
        this.mayBlock = mayBlock;
    }

    @Override
    public int take() throws IOException {
        SharedBacklog with;
        synchronized (this) {
            if (shared == null) {
                return Backlog.accept(ends, true);
            }
            with = shared;
        }
        return with.take();
    }

    @Override
    public int takeNow() throws IOException {
        SharedBacklog with = shared();
        return with == null ? take() : with.takeNow();
    }

    @Override
    public void rest() {
        SharedBacklog with = shared();
        if (with != null) {
            with.rest();
        }
    }

    @Override
    public boolean isIdle() {
        SharedBacklog with = shared();
        return with == null || with.isIdle();
    }

    @Override
    public void close() {
        SharedBacklog with = shared();
        if (with != null) {
            with.close();
        }
    }

    @Override
    public synchronized void share() throws IOException {
        if (mayBlock && shared == null) {
            NativeSocket.setBlocking(ends);
            shared = new SharedBacklog(ends);
        }
    }

    private synchronized @Nullable SharedBacklog shared() {
        return shared;
    }
}
