package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Ends that became channels of the JDK: of a pair, of a name, and of the Internet.
class AdoptedPairTest {

    /// How the two ends come to be.
    interface Opener {
        SocketPair<StreamSocket> open() throws IOException;
    }

    abstract static class Opened implements AdoptedChannelContract, AdoptedSelectionContract {

        private final Opener opener;
        private final ThreadFactory threads;

        Opened(Opener opener, Thread.Builder threads) {
            this.opener = opener;
            this.threads = threads.factory();
        }

        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return opener.open();
        }

        @Override
        public ThreadFactory threads() {
            return threads;
        }
    }

    @Nested
    @NotInShortRuns("PairOnVirtualThreads")
    class PairOnPlatformThreads extends Opened {
        PairOnPlatformThreads() {
            super(SocketPair::stream, Thread.ofPlatform());
        }
    }

    @Nested
    class PairOnVirtualThreads extends Opened {
        PairOnVirtualThreads() {
            super(SocketPair::stream, Thread.ofVirtual());
        }
    }

    @Nested
    class PathOnPlatformThreads extends Opened {
        PathOnPlatformThreads() {
            super(Place.PATH::streams, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns("PathOnPlatformThreads")
    class PathOnVirtualThreads extends Opened {
        PathOnVirtualThreads() {
            super(Place.PATH::streams, Thread.ofVirtual());
        }
    }

    @Nested
    @NotInShortRuns("InternetOnVirtualThreads")
    class InternetOnPlatformThreads extends Opened {
        InternetOnPlatformThreads() {
            super(Place.INET::streams, Thread.ofPlatform());
        }
    }

    @Nested
    class InternetOnVirtualThreads extends Opened {
        InternetOnVirtualThreads() {
            super(Place.INET::streams, Thread.ofVirtual());
        }
    }
}
