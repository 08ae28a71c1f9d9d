package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Capability;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
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

    @Nested
    class OnPlatformThreads implements StreamContract, VectoredContract, WaitingContract {
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
    class OnVirtualThreads implements StreamContract, VectoredContract, WaitingContract {
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
