package dev.dyad.socket.jdk;

import dev.dyad.socket.fd.Direction;
import dev.dyad.socket.fd.FdMutex;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// The two directions of a JDK channel.
///
/// Their selectors are closed by the last thread that leaves after the close: the JDK would wait without a
/// limit for one that is in them. The JDK tells the peer of the end before.
public final class JdkEnds implements FdMutex.Closer {

    private static final int NO_NUMBER = -1;

    /// Their turns, which end with the channel.
    public final FdMutex fd = new FdMutex(NO_NUMBER, this);

    public final Direction reading;
    public final Direction writing;

    public JdkEnds(SocketChannel channel) {
        reading = new Direction(
                fd, FdMutex.Turn.READING, direction -> new JdkWaitStrategy(direction, channel, SelectionKey.OP_READ));
        writing = new Direction(
                fd, FdMutex.Turn.WRITING, direction -> new JdkWaitStrategy(direction, channel, SelectionKey.OP_WRITE));
    }

    @Override
    public void closeNumber(int noNumber) {
        try {
            reading.forget(noNumber);
        } finally {
            writing.forget(noNumber);
        }
    }
}
