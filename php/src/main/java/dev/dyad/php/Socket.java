package dev.dyad.php;

import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.ref.Cleaner;

/// PHP's `Socket`: one end of a pair, and its own error slot.
///
/// May be shared by threads. [Sockets#socket_close] closes it; one that nobody holds any more is closed too,
/// as in PHP, but only when the garbage collector notices.
public final class Socket implements AutoCloseable {

    private final StreamSocket end;
    private final Cleaner.Cleanable closing;
    private volatile int lastError;

    Socket(StreamSocket end) {
        this.end = end;
        this.closing = Unheld.CLEANER.register(this, new Closing(end));
    }

    /// Closes this end; does nothing if it is closed. What `close(2)` complains of is lost, as in PHP.
    @Override
    public void close() {
        closing.clean();
    }

    StreamSocket end() {
        return end;
    }

    boolean isOpen() {
        return end.isOpen();
    }

    int lastError() {
        return lastError;
    }

    void lastError(int errno) {
        lastError = errno;
    }

    /// Must not hold the socket, or nobody would ever see that it is unheld.
    private record Closing(StreamSocket end) implements Runnable {

        @Override
        public void run() {
            try {
                end.close();
            } catch (IOException e) {
                // PHP's socket_close answers nothing, so there is nobody to tell.
            }
        }
    }

    private static final class Unheld {
        private static final Cleaner CLEANER = Cleaner.create();
    }
}
