package dev.dyad.contract;

import dev.dyad.socket.SocketPair;
import org.junit.jupiter.api.Nested;

/// Ends as streams and sockets: of a pair, of a name, and of the Internet.
class ViewTest {

    abstract static class Opened extends OpenedPair implements ViewContract {

        Opened(Opener opener, Thread.Builder threads) {
            super(opener, threads);
        }
    }

    @Nested
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
    class PathOnVirtualThreads extends Opened {
        PathOnVirtualThreads() {
            super(AddressKind.PATH::streams, Thread.ofVirtual());
        }
    }

    @Nested
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
