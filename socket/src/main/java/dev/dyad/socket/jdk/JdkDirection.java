package dev.dyad.socket.jdk;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.FdMutex;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.BoundedWait;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A direction of a JDK channel, in which a thread waits by a selector that is opened for the first wait.
public final class JdkDirection extends Direction {

    private static final long EAGAIN = Errno.EAGAIN.code();

    private final SocketChannel channel;
    private final int operation;
    private volatile @Nullable Selector selector;
    private volatile boolean parked; // whether it is a virtual thread that waits in it, or was the last to

    JdkDirection(FdMutex fd, SocketChannel channel, boolean forWriting) {
        super(fd, forWriting ? FdMutex.Turn.WRITING : FdMutex.Turn.READING);
        this.channel = channel;
        operation = forWriting ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    }

    @Override
    protected long awaitReady(Deadline deadline, Attempt attempt) throws IOException {
        parked = Thread.currentThread().isVirtual();
        Selector mine = selector;
        try {
            if (mine == null) {
                mine = open();
            }
            if (mayWait()) { // a wake from here on is kept for the next select
                mine.select(Millis.of(operation == SelectionKey.OP_WRITE ? untilNextTry(deadline) : deadline));
                mine.selectedKeys().clear();
            }
            return -EAGAIN;
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

    /// Closes the selector, since a channel that was closed stays open for as long as one holds it.
    void close() throws IOException {
        Selector mine = selector;
        if (mine != null) {
            mine.close();
        }
    }

    private Selector open() throws IOException {
        Selector opened = Selector.open();
        selector = opened;
        try {
            channel.register(opened, operation);
        } catch (ClosedChannelException e) {
            opened.close();
            throw e;
        }
        return opened;
    }
}
