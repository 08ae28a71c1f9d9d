package dev.dyad.socket;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A direction of a JDK channel, in which a thread waits by a selector that is opened for the first wait.
final class JdkDirection extends Direction {

    private final SocketChannel channel;
    private final int operation;
    private volatile @Nullable Selector selector;
    private volatile boolean released;

    JdkDirection(SocketChannel channel, int operation) {
        this.channel = channel;
        this.operation = operation;
    }

    @Override
    void awaitReady(Deadline deadline) throws IOException {
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
    void wake() {
        Selector mine = selector;
        if (mine != null) {
            mine.wakeup();
        }
    }

    /// Closes the selector, since a channel that was closed stays open for as long as one holds it.
    @Override
    void release() throws IOException {
        released = true;
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
