package dev.dyad.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;

/// Listeners that were taken over, and that block as those do which other processes share.
@Sampled
class AdoptedListenerTest {

    abstract static class Adopted extends Meeting
            implements ListenerContract, ServerChannelContract, ServerSocketContract {

        Adopted(AddressKind place, Thread.Builder threads) {
            super(place, threads);
        }

        /// The JDK has one that blocks; it is found by what was not there before. Its number may have been: what an
        /// interrupt closed may be gone only now.
        @Override
        public Listener<StreamSocket> listen() throws IOException {
            var before = Descriptors.open();
            @SuppressWarnings("resource") // it is closed by its number
            var channel = ServerSocketChannel.open(
                    place.isUnix() ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
            channel.bind(address());
            var opened = new TreeMap<>(Descriptors.open());
            opened.entrySet().removeAll(before.entrySet());
            opened.values().removeIf(each -> !each.target().startsWith("socket:"));
            assertThat(opened).hasSize(1);
            return Listener.adoptStream(opened.firstKey());
        }

        private SocketAddress address() throws IOException {
            return place.fresh() instanceof UnixAddress unix
                    ? UnixDomainSocketAddress.of(unix.path())
                    : new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        }
    }

    @Nested
    @NotInShortRuns(value = "PathOnVirtualThreads", inCi = 0.2)
    class PathOnPlatformThreads extends Adopted {
        PathOnPlatformThreads() {
            super(AddressKind.PATH, Thread.ofPlatform());
        }
    }

    @Nested
    class PathOnVirtualThreads extends Adopted {
        PathOnVirtualThreads() {
            super(AddressKind.PATH, Thread.ofVirtual());
        }
    }

    @Nested
    class InetOnPlatformThreads extends Adopted {
        InetOnPlatformThreads() {
            super(AddressKind.INET, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "InetOnPlatformThreads", inCi = 0.2)
    class InetOnVirtualThreads extends Adopted {
        InetOnVirtualThreads() {
            super(AddressKind.INET, Thread.ofVirtual());
        }
    }
}
