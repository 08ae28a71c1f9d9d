package dev.dyad.contract;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Ends of `socketpair(2)` that became channels of the JDK.
class AdoptedPairTest {
    @Nested
    class OnPlatformThreads implements AdoptedChannelContract, AdoptedSelectionContract {
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
    class OnVirtualThreads implements AdoptedChannelContract, AdoptedSelectionContract {
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
