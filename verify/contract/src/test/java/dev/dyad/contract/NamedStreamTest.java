package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import org.junit.jupiter.api.Nested;

/// Streams that were connected and accepted, and those who did that.
@Sampled
class NamedStreamTest {

    abstract static class Named extends Meeting
            implements StreamContract,
                    VectoredContract,
                    WaitingContract,
                    ListenerContract,
                    ServerChannelContract,
                    ServerSocketContract {

        Named(AddressKind place, Thread.Builder threads) {
            super(place, threads);
        }

        @Override
        public SocketPair<StreamSocket> open() throws IOException {
            return place.streams();
        }
    }

    @Nested
    @NotInShortRuns(value = "PathOnVirtualThreads", inCi = 0.2)
    class PathOnPlatformThreads extends Named {
        PathOnPlatformThreads() {
            super(AddressKind.PATH, Thread.ofPlatform());
        }
    }

    @Nested
    class PathOnVirtualThreads extends Named {
        PathOnVirtualThreads() {
            super(AddressKind.PATH, Thread.ofVirtual());
        }
    }

    @Nested
    class AbstractNameOnPlatformThreads extends Named {
        AbstractNameOnPlatformThreads() {
            super(AddressKind.ABSTRACT, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "AbstractNameOnPlatformThreads", inCi = 0.2)
    class AbstractNameOnVirtualThreads extends Named {
        AbstractNameOnVirtualThreads() {
            super(AddressKind.ABSTRACT, Thread.ofVirtual());
        }
    }

    @Nested
    class InetOnPlatformThreads extends Named {
        InetOnPlatformThreads() {
            super(AddressKind.INET, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "InetOnPlatformThreads", inCi = 0.2)
    class InetOnVirtualThreads extends Named {
        InetOnVirtualThreads() {
            super(AddressKind.INET, Thread.ofVirtual());
        }
    }

    @Nested
    @NotInShortRuns(value = "Inet6OnVirtualThreads", inCi = 0.2)
    class Inet6OnPlatformThreads extends Named {
        Inet6OnPlatformThreads() {
            super(AddressKind.INET6, Thread.ofPlatform());
        }
    }

    @Nested
    class Inet6OnVirtualThreads extends Named {
        Inet6OnVirtualThreads() {
            super(AddressKind.INET6, Thread.ofVirtual());
        }
    }
}
