package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Capability;
import dev.dyad.socket.SocketPair;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The two pairs without native access, in a JVM that denies it.
class PlatformFreePairTest {

    @Test
    void the_pair_is_the_one_that_is_meant() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThat(pair.left().capabilities()).doesNotContain(Capability.DESCRIPTOR);
        }
    }

    abstract static class Opened extends OpenedPair implements StreamContract, VectoredContract, WaitingContract {

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
