package dev.dyad.socket.fd;

import java.io.IOException;

/// The backlog of a descriptor on which no call blocks, until other processes are to have it as well.
///
/// `O_NONBLOCK` belongs to the open file, so that theirs would not block either, which a program that accepts does not
/// expect. So it is taken away before, unless it came with the descriptor.
public final class OwnAcceptor implements Acceptor {

    private final Fd ends;
    private final boolean mayBlock;
    private final SharedAcceptor shared;
    private boolean given; // guarded by this, and none of our calls is under way when it is set

    /// @param ends the listener's
    /// @param mayBlock whether it was us who set `O_NONBLOCK`
    public OwnAcceptor(Fd ends, boolean mayBlock) {
        this.ends = ends;
        this.mayBlock = mayBlock;
        shared = new SharedAcceptor(ends);
    }

    @Override
    public int take() throws IOException {
        synchronized (this) {
            if (!given) {
                return Acceptor.accept(ends, true);
            }
        }
        return shared.take();
    }

    @Override
    public int takeNow() throws IOException {
        synchronized (this) {
            if (!given) {
                return Acceptor.accept(ends, true);
            }
        }
        return shared.takeNow();
    }

    @Override
    public void rest() {
        shared.rest();
    }

    @Override
    public boolean isIdle() {
        return shared.isIdle();
    }

    @Override
    public void close() {
        shared.close();
    }

    @Override
    public synchronized void share() throws IOException {
        if (mayBlock && !given) {
            SocketCalls.setBlocking(ends);
            given = true;
        }
    }
}
