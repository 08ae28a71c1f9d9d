package dev.dyad.contract;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Ends of `socketpair(2)` as streams and sockets.
class ViewTest {
    @Nested
    class OnPlatformThreads implements ViewContract {
        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return SocketPair.stream();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    @Nested
    class OnVirtualThreads implements ViewContract {
        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return SocketPair.stream();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }
}
