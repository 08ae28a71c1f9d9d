package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.SocketPair;
import org.junit.jupiter.api.Nested;

/// Ends without native access that became channels of the JDK, which they were.
class PlatformFreeAdoptedPairTest {

    abstract static class Opened extends OpenedPair implements AdoptedChannelContract, AdoptedSelectionContract {

        Opened(Opener opener, Thread.Builder threads) {
            super(opener, threads);
        }
    }

    @Nested
    @NotInShortRuns(value = "UnixOnVirtualThreads", inCi = 0.2)
    class UnixOnPlatformThreads extends Opened {
        UnixOnPlatformThreads() {
            super(SocketPair::stream, Thread.ofPlatform());
        }
    }

    @Nested
    class UnixOnVirtualThreads extends Opened {
        UnixOnVirtualThreads() {
            super(SocketPair::stream, Thread.ofVirtual());
        }
    }

    @Nested
    class LoopbackOnPlatformThreads extends Opened {
        LoopbackOnPlatformThreads() {
            super(OpenedPair::loopback, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "LoopbackOnPlatformThreads", inCi = 0.2)
    class LoopbackOnVirtualThreads extends Opened {
        LoopbackOnVirtualThreads() {
            super(OpenedPair::loopback, Thread.ofVirtual());
        }
    }
}
