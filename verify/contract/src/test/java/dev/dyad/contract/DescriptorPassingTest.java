package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Descriptors through every kind of UNIX pair, on every kind of thread.
class DescriptorPassingTest {

    abstract static class OnPlatformThreads implements DescriptorContract {
        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    abstract static class OnVirtualThreads implements DescriptorContract {
        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }

    @Test
    void the_end_has_none_to_take() throws Exception {
        try (var stream = SocketPair.stream();
                var packets = SocketPair.seqpacket()) {
            stream.left().close();
            packets.left().close();
            try (Received ofStream = stream.right().receive(ByteBuffer.allocate(1), 2);
                    Received ofPackets = packets.right().receive(ByteBuffer.allocate(1), 2, Deadline.never())) {
                assertThat(ofStream.isEnd()).isTrue();
                assertThat(ofStream.takeDescriptors()).isEmpty();
                assertThat(ofPackets.isEnd()).isTrue();
                assertThat(ofPackets.takeDescriptors()).isEmpty();
            }
        }
    }

    @Nested
    class StreamOnPlatformThreads extends OnPlatformThreads {
        @Override
        public SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.stream();
        }
    }

    @Nested
    class StreamOnVirtualThreads extends OnVirtualThreads {
        @Override
        public SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.stream();
        }
    }

    @Nested
    class DatagramOnPlatformThreads extends OnPlatformThreads {
        @Override
        public SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.datagram();
        }
    }

    @Nested
    class DatagramOnVirtualThreads extends OnVirtualThreads {
        @Override
        public SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.datagram();
        }
    }

    @Nested
    class PacketsOnPlatformThreads extends OnPlatformThreads {
        @Override
        public SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.seqpacket();
        }
    }

    @Nested
    class PacketsOnVirtualThreads extends OnVirtualThreads {
        @Override
        public SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.seqpacket();
        }
    }
}
