package dev.dyad.contract;

import dev.dyad.socket.SocketPair;
import org.junit.jupiter.api.Nested;

/// Ends without native access as streams and sockets.
class PlatformFreeViewTest {

    abstract static class Opened extends OpenedPair implements ViewContract {

        Opened(Opener opener, Thread.Builder threads) {
            super(opener, threads);
        }
    }

    @Nested
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
    class LoopbackOnVirtualThreads extends Opened {
        LoopbackOnVirtualThreads() {
            super(OpenedPair::loopback, Thread.ofVirtual());
        }
    }
}
