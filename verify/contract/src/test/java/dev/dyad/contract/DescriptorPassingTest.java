package dev.dyad.contract;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

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
