package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import org.junit.jupiter.api.Nested;

/// Streams that were connected and accepted, and those who did that.
class NamedStreamTest {

    abstract static class Named extends Meeting
            implements StreamContract,
                    VectoredContract,
                    WaitingContract,
                    ListenerContract,
                    ServerChannelContract,
                    ServerSocketContract {

        Named(Place place, Thread.Builder threads) {
            super(place, threads);
        }

        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return place.streams();
        }
    }

    @Nested
    @NotInShortRuns("PathOnVirtualThreads")
    class PathOnPlatformThreads extends Named {
        PathOnPlatformThreads() {
            super(Place.PATH, Thread.ofPlatform());
        }
    }

    @Nested
    class PathOnVirtualThreads extends Named {
        PathOnVirtualThreads() {
            super(Place.PATH, Thread.ofVirtual());
        }
    }

    @Nested
    class AbstractNameOnPlatformThreads extends Named {
        AbstractNameOnPlatformThreads() {
            super(Place.ABSTRACT, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns("AbstractNameOnPlatformThreads")
    class AbstractNameOnVirtualThreads extends Named {
        AbstractNameOnVirtualThreads() {
            super(Place.ABSTRACT, Thread.ofVirtual());
        }
    }

    @Nested
    class InetOnPlatformThreads extends Named {
        InetOnPlatformThreads() {
            super(Place.INET, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns("InetOnPlatformThreads")
    class InetOnVirtualThreads extends Named {
        InetOnVirtualThreads() {
            super(Place.INET, Thread.ofVirtual());
        }
    }

    @Nested
    @NotInShortRuns("Inet6OnVirtualThreads")
    class Inet6OnPlatformThreads extends Named {
        Inet6OnPlatformThreads() {
            super(Place.INET6, Thread.ofPlatform());
        }
    }

    @Nested
    class Inet6OnVirtualThreads extends Named {
        Inet6OnVirtualThreads() {
            super(Place.INET6, Thread.ofVirtual());
        }
    }
}
