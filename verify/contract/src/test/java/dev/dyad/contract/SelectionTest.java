package dev.dyad.contract;

import dev.dyad.socket.Endpoint;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Selectors of ends of every kind.
class SelectionTest {

    private interface All
            extends SelectionContract, SelectionWaitContract, SelectionActionContract, SelectionChurnContract {}

    private interface OnPlatformThreads extends Selecting {
        @Override
        default ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    private interface OnVirtualThreads extends Selecting {
        @Override
        default ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }

    private interface Streams extends All, ConnectedSelectionContract {
        @Override
        default SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.stream();
        }
    }

    private interface Datagrams extends All {
        @Override
        default SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.datagram();
        }
    }

    private interface Packets extends All, ConnectedSelectionContract {
        @Override
        default SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.seqpacket();
        }
    }

    @Nested
    class StreamsOnPlatformThreads implements Streams, OnPlatformThreads {}

    @Nested
    class StreamsOnVirtualThreads implements Streams, OnVirtualThreads {}

    @Nested
    class DatagramsOnPlatformThreads implements Datagrams, OnPlatformThreads {}

    @Nested
    class DatagramsOnVirtualThreads implements Datagrams, OnVirtualThreads {}

    @Nested
    class PacketsOnPlatformThreads implements Packets, OnPlatformThreads {}

    @Nested
    class PacketsOnVirtualThreads implements Packets, OnVirtualThreads {}
}
