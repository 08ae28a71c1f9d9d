package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.SocketPair;
import org.junit.jupiter.api.Nested;

/// Ends that became channels of the JDK: of a pair, of a name, and of the Internet.
class AdoptedPairTest {

    abstract static class Opened extends OpenedPair implements AdoptedChannelContract, AdoptedSelectionContract {

        Opened(Opener opener, Thread.Builder threads) {
            super(opener, threads);
        }
    }

    @Nested
    @NotInShortRuns(value = "PairOnVirtualThreads", inCi = 0.2)
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
            super(AddressKind.PATH::streams, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "PathOnPlatformThreads", inCi = 0.2)
    class PathOnVirtualThreads extends Opened {
        PathOnVirtualThreads() {
            super(AddressKind.PATH::streams, Thread.ofVirtual());
        }
    }

    @Nested
    @NotInShortRuns(value = "InternetOnVirtualThreads", inCi = 0.2)
    class InternetOnPlatformThreads extends Opened {
        InternetOnPlatformThreads() {
            super(AddressKind.INET::streams, Thread.ofPlatform());
        }
    }

    @Nested
    class InternetOnVirtualThreads extends Opened {
        InternetOnVirtualThreads() {
            super(AddressKind.INET::streams, Thread.ofVirtual());
        }
    }
}
