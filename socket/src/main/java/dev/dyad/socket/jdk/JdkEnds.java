package dev.dyad.socket.jdk;

import dev.dyad.socket.fd.FdMutex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;

/// The two directions of a JDK channel.
///
/// Their selectors are closed by the last thread that leaves after the close: the JDK would wait without a
/// limit for one that is in them. The JDK tells the peer of the end before.
public final class JdkEnds implements FdMutex.Closer {

    private static final int NO_NUMBER = -1;

    /// Their turns, which end with the channel.
    public final FdMutex fd = new FdMutex(NO_NUMBER, this);

    public final JdkDirection reading;
    public final JdkDirection writing;

    public JdkEnds(SocketChannel channel) {
        reading = new JdkDirection(fd, channel, false);
        writing = new JdkDirection(fd, channel, true);
    }

    @Override
    public void closeNumber(int noNumber) {
        try {
            try {
                reading.close();
            } finally {
                writing.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
