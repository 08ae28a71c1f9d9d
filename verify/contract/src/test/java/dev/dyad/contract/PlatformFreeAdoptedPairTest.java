package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Ends without native access that became channels of the JDK, which they were.
class PlatformFreeAdoptedPairTest {
    @Nested
    @NotInShortRuns("UnixOnVirtualThreads")
    class UnixOnPlatformThreads implements AdoptedChannelContract, AdoptedSelectionContract {
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
    class UnixOnVirtualThreads implements AdoptedChannelContract, AdoptedSelectionContract {
        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return SocketPair.stream();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }

    @Nested
    class LoopbackOnPlatformThreads implements AdoptedChannelContract, AdoptedSelectionContract {
        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return loopback();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    @Nested
    @NotInShortRuns("LoopbackOnPlatformThreads")
    class LoopbackOnVirtualThreads implements AdoptedChannelContract, AdoptedSelectionContract {
        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return loopback();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }

    @SuppressWarnings("unchecked") // of streams, as was asked for
    private static SocketPair<StreamSocket> loopback() throws IOException {
        return (SocketPair<StreamSocket>) SocketPair.open(SocketPair.AF_INET, SocketPair.SOCK_STREAM, 0);
    }
}
