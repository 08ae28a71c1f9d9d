package dev.dyad.socket.jdk;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.waiting.BoundedWait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A direction of a JDK channel, in which a thread waits by a selector that is opened for the first wait.
public final class JdkDirection extends Direction {

    private final SocketChannel channel;
    private final int operation;
    private volatile @Nullable Selector selector;
    private volatile boolean released;
    private volatile boolean parked; // whether it is a virtual thread that waits in it, or was the last to

    public JdkDirection(SocketChannel channel, int operation) {
        this.channel = channel;
        this.operation = operation;
    }

    @Override
    protected void awaitReady(Deadline deadline) throws IOException {
        parked = Thread.currentThread().isVirtual();
        Selector mine = selector;
        try {
            if (mine == null) {
                mine = open();
            }
            if (mayWait()) { // a wake from here on is kept for the next select
                mine.select(Millis.of(deadline));
                mine.selectedKeys().clear();
            }
        } catch (ClosedSelectorException closed) {
            throw (ClosedChannelException) new ClosedChannelException().initCause(closed);
        }
    }

    @Override
    public void wake() {
        Selector mine = selector;
        if (mine != null) {
            mine.wakeup();
        }
    }

    /// Closes the selector, since a channel that was closed stays open for as long as one holds it; or has it
    /// closed by the thread that is in it, for which the JDK would wait without a limit. The JDK tells the peer of
    /// the end before.
    @Override
    public void release() throws IOException {
        released = true;
        wake(); // one that was opened since the first wake, by a thread that did not find the mark
        if (selector != null && tryEnter()) {
            try {
                close();
            } finally {
                leave();
            }
        }
    }

    @Override
    protected void left() {
        if (released && isOpen()) {
            try {
                release();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// A thread that is parked goes on when there is a carrier for it.
    @Override
    public void awaitLetGo() {
        if (!isEntered() && !parked) {
            boolean _ = BoundedWait.await(() -> !isWaiting() || !isOpen(), BoundedWait.MOMENT);
        }
    }

    private boolean isOpen() {
        Selector mine = selector;
        return mine != null && mine.isOpen();
    }

    private void close() throws IOException {
        Selector mine = selector;
        if (mine != null) {
            mine.close();
        }
    }

    /// The selector is seen before the mark is looked for, so that one of the two, release or open, finds
    /// the other.
    private Selector open() throws IOException {
        Selector opened = Selector.open();
        selector = opened;
        try {
            if (released) {
                throw new ClosedChannelException();
            }
            channel.register(opened, operation);
        } catch (ClosedChannelException e) {
            opened.close();
            throw e;
        }
        return opened;
    }
}
