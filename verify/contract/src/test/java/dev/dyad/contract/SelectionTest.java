package dev.dyad.contract;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Endpoint;
import dev.dyad.socket.SocketPair;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/// Selectors of ends of every kind.
class SelectionTest {

    interface All extends SelectionContract, SelectionWaitContract, SelectionActionContract, SelectionChurnContract {}

    interface OnPlatformThreads extends Selecting {
        @Override
        default ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    interface OnVirtualThreads extends Selecting {
        @Override
        default ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }

    interface Streams extends All, ConnectedSelectionContract {
        @Override
        default SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.stream();
        }
    }

    interface Datagrams extends All {
        @Override
        default SocketPair<? extends Endpoint> open() throws IOException {
            return SocketPair.datagram();
        }
    }

    interface Packets extends All, ConnectedSelectionContract {
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
    @NotInShortRuns(value = "DatagramsOnVirtualThreads", inCi = 0.2)
    class DatagramsOnPlatformThreads implements Datagrams, OnPlatformThreads {}

    @Nested
    class DatagramsOnVirtualThreads implements Datagrams, OnVirtualThreads {}

    @Nested
    class PacketsOnPlatformThreads implements Packets, OnPlatformThreads {}

    @Nested
    @NotInShortRuns(value = "PacketsOnPlatformThreads", inCi = 0.2)
    class PacketsOnVirtualThreads implements Packets, OnVirtualThreads {}
}
