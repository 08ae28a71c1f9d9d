package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Capability;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
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

    @Nested
    @NotInShortRuns("UnixOnVirtualThreads")
    class UnixOnPlatformThreads implements StreamContract, VectoredContract, WaitingContract {
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
    class UnixOnVirtualThreads implements StreamContract, VectoredContract, WaitingContract {
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
    class LoopbackOnPlatformThreads implements StreamContract, VectoredContract, WaitingContract {
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
    class LoopbackOnVirtualThreads implements StreamContract, VectoredContract, WaitingContract {
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
