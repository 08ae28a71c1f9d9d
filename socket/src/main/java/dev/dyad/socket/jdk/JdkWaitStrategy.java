package dev.dyad.socket.jdk;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.WaitStrategy;
import dev.dyad.socket.waiting.Attempt;
import dev.dyad.socket.waiting.Waiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// How a thread waits in a channel of the JDK: by a selector, which is opened for the first wait.
final class JdkWaitStrategy implements WaitStrategy {

    private static final long EAGAIN = Errno.EAGAIN.code();

    private final Direction direction;
    private final SocketChannel channel;
    private final int operation;
    private volatile @Nullable Selector selector;
    private volatile boolean parked; // whether it is a virtual thread that waits in it, or was the last to

    /// @param operation what it waits for, as of [SelectionKey]
    JdkWaitStrategy(Direction direction, SocketChannel channel, int operation) {
        this.direction = direction;
        this.channel = channel;
        this.operation = operation;
    }

    @Override
    public long awaitReady(Deadline deadline, Attempt attempt) throws IOException {
        parked = Thread.currentThread().isVirtual();
        Selector mine = selector;
        try {
            if (mine == null) {
                mine = open();
            }
            if (direction.mayWait()) { // a wake from here on is kept for the next select
                mine.select(
                        Millis.of(operation == SelectionKey.OP_WRITE ? Direction.untilNextTry(deadline) : deadline));
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
    public boolean isLeftBehind() {
        return parked;
    }

    @Override
    public void noEvent() {
        throw new UnsupportedOperationException("a channel of the JDK tells of each event");
    }

    @Override
    public void waitBy(@Nullable Waiter waiter) {
        throw new UnsupportedOperationException("a channel of the JDK is waited for by a selector");
    }

    @Override
    public void ended() {
        // The selector is for all calls.
    }

    /// Closes the selector, since a channel that was closed stays open for as long as one holds it.
    @Override
    public void forget(int noNumber) {
        Selector mine = selector;
        if (mine != null) {
            try {
                mine.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
