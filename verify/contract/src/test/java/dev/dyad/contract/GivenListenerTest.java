package dev.dyad.contract;

import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import org.junit.jupiter.api.Nested;

/// Listeners that were opened here and given away, after which they block as other processes expect it.
class GivenListenerTest {

    abstract static class Given extends Meeting
            implements ListenerContract, ServerChannelContract, ServerSocketContract {

        Given(AddressKind place, Thread.Builder threads) {
            super(place, threads);
        }

        @Override
        public Listener<StreamSocket> listen() throws IOException {
            Listener<StreamSocket> listener = Listener.stream(place.fresh());
            listener.borrow().close();
            return listener;
        }
    }

    @Nested
    class PathOnPlatformThreads extends Given {
        PathOnPlatformThreads() {
            super(AddressKind.PATH, Thread.ofPlatform());
        }
    }

    @Nested
    class PathOnVirtualThreads extends Given {
        PathOnVirtualThreads() {
            super(AddressKind.PATH, Thread.ofVirtual());
        }
    }

    @Nested
    class InetOnPlatformThreads extends Given {
        InetOnPlatformThreads() {
            super(AddressKind.INET, Thread.ofPlatform());
        }
    }

    @Nested
    class InetOnVirtualThreads extends Given {
        InetOnVirtualThreads() {
            super(AddressKind.INET, Thread.ofVirtual());
        }
    }
}
