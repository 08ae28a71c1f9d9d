package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Capability;
import dev.dyad.socket.SocketPair;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The pair of `socketpair(2)`.
class NativePairTest {

    @Test
    void the_pair_is_the_one_that_is_meant() throws Exception {
        try (var pair = SocketPair.stream()) {
            assertThat(pair.left().capabilities()).contains(Capability.DESCRIPTOR);
        }
    }

    abstract static class Opened extends OpenedPair implements StreamContract, VectoredContract, WaitingContract {

        Opened(Opener opener, Thread.Builder threads) {
            super(opener, threads);
        }
    }

    @Nested
    class OnPlatformThreads extends Opened {
        OnPlatformThreads() {
            super(SocketPair::stream, Thread.ofPlatform());
        }
    }

    @Nested
    class OnVirtualThreads extends Opened {
        OnVirtualThreads() {
            super(SocketPair::stream, Thread.ofVirtual());
        }
    }
}
