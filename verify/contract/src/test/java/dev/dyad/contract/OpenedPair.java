package dev.dyad.contract;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;

/// How the two ends of a test come to be, and the threads that use them.
abstract class OpenedPair {

    private final Opener opener;
    private final ThreadFactory threads;

    /// How two ends come to be.
    interface Opener {
        SocketPair<StreamSocket> open() throws IOException;
    }

    OpenedPair(Opener opener, Thread.Builder threads) {
        this.opener = opener;
        this.threads = threads.factory();
    }

    OpenedPair(Opening opening) {
        opener = opening.opener();
        threads = opening.threads();
    }

    public SocketPair<StreamSocket> open() throws IOException {
        return opener.open();
    }

    public ThreadFactory threads() {
        return threads;
    }

    /// Opens a pair of loopback sockets.
    @SuppressWarnings("unchecked") // of streams, as was asked for
    static SocketPair<StreamSocket> loopback() throws IOException {
        return (SocketPair<StreamSocket>) SocketPair.open(SocketPair.AF_INET, SocketPair.SOCK_STREAM, 0);
    }
}
