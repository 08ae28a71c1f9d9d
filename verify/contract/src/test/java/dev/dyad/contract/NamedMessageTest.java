package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Message sockets of the UNIX domain that met under a name.
@Timeout(60)
class NamedMessageTest {

    abstract static class Datagrams extends Meeting implements MessageContract {

        Datagrams(AddressKind place, Thread.Builder threads) {
            super(place, threads);
        }

        @Override
        public SocketPair<MessageSocket> open() throws IOException {
            SocketAddress one = place.fresh();
            SocketAddress other = place.fresh();
            MessageSocket left = bound(one);
            MessageSocket right = bound(other).connect(one);
            SocketPair<MessageSocket> pair = SocketPair.of(left.connect(other), right);
            AddressKind.forget(one);
            AddressKind.forget(other);
            return pair;
        }

        @Test
        void a_datagram_names_its_sender_who_is_answered() throws Exception {
            SocketAddress service = place.fresh();
            SocketAddress client = place.fresh();
            try (MessageSocket server = bound(service);
                    MessageSocket asking = bound(client)) {
                asking.sendTo(UTF_8.encode("question"), service);
                try (Received received = server.receive(ByteBuffer.allocate(10))) {
                    assertThat(received.sender()).isEqualTo(client);
                    server.sendTo(UTF_8.encode("answer"), client);
                }
                assertThat(MessageContract.text(asking)).isEqualTo("answer");
            } finally {
                AddressKind.forget(service);
                AddressKind.forget(client);
            }
        }

        @Test
        void a_sender_without_a_name_is_nobody() throws Exception {
            SocketAddress service = place.fresh();
            try (MessageSocket server = bound(service);
                    MessageSocket nameless = datagrams()) {
                nameless.sendTo(UTF_8.encode("x"), service);
                try (Received received = server.receive(ByteBuffer.allocate(10))) {
                    assertThat(received.sender()).isNull();
                }
                assertThat(nameless.localAddress()).isEqualTo(UnixAddress.unnamed());
            } finally {
                AddressKind.forget(service);
            }
        }

        /// No event tells that there is room again: the sender looks again and again.
        @Test
        void a_full_receiver_makes_who_is_not_connected_wait() throws Exception {
            SocketAddress service = place.fresh();
            try (MessageSocket server = bound(service);
                    MessageSocket client = datagrams()) {
                int sent = fill(client, service);
                var sending = Waiting.on(client, threads(), () -> {
                    client.sendTo(UTF_8.encode("last"), service);
                    return true;
                });
                for (int i = 0; i < sent; i++) {
                    assertThat(MessageContract.text(server)).isEqualTo("x");
                }
                assertThat(sending.get()).isTrue();
                assertThat(MessageContract.text(server)).isEqualTo("last");
            } finally {
                AddressKind.forget(service);
            }
        }

        @Test
        void one_that_is_connected_takes_nothing_from_others() throws Exception {
            SocketAddress service = place.fresh();
            SocketAddress client = place.fresh();
            try (MessageSocket server = bound(service);
                    MessageSocket known = bound(client);
                    MessageSocket stranger = datagrams()) {
                server.connect(client);
                assertThatThrownBy(() -> stranger.sendTo(UTF_8.encode("x"), service))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageStartingWith("sendmsg: ")
                        .hasMessageContaining("EPERM");
                known.sendTo(UTF_8.encode("mine"), service);
                assertThat(MessageContract.text(server)).isEqualTo("mine");
            } finally {
                AddressKind.forget(service);
                AddressKind.forget(client);
            }
        }

        @Test
        void a_connected_one_knows_both_names() throws Exception {
            SocketAddress one = place.fresh();
            SocketAddress other = place.fresh();
            try (MessageSocket left = bound(one);
                    MessageSocket right = bound(other).connect(one)) {
                assertThat(right.localAddress()).isEqualTo(other);
                assertThat(right.remoteAddress()).isEqualTo(one);
                assertThat(left.remoteAddress()).isNull();
                assertThat(right.peerCredentials()).isNull();
            } finally {
                AddressKind.forget(one);
                AddressKind.forget(other);
            }
        }

        private static int fill(MessageSocket client, SocketAddress receiver) throws IOException {
            int sent = 0;
            while (true) {
                try {
                    client.sendTo(UTF_8.encode("x"), receiver, List.of(), Deadline.after(Duration.ZERO));
                    sent++;
                } catch (SocketTimeoutException full) {
                    return sent;
                }
            }
        }

        private static MessageSocket datagrams() throws IOException {
            return MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM);
        }

        private static MessageSocket bound(SocketAddress address) throws IOException {
            return datagrams().bind(address);
        }
    }

    abstract static class Packets extends Meeting implements MessageContract {

        Packets(AddressKind place, Thread.Builder threads) {
            super(place, threads);
        }

        @Override
        public SocketPair<MessageSocket> open() throws IOException {
            SocketAddress address = place.fresh();
            try (Listener<MessageSocket> listener = Listener.seqpacket(address)) {
                MessageSocket connected = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_SEQPACKET);
                connected.connect(address);
                return SocketPair.of(listener.accept(), connected);
            } finally {
                AddressKind.forget(address);
            }
        }

        @Test
        void an_accepted_end_tells_an_empty_packet_from_the_end() throws Exception {
            try (var pair = open()) {
                for (MessageSocket[] ends :
                        new MessageSocket[][] {{pair.left(), pair.right()}, {pair.right(), pair.left()}}) {
                    ends[0].send(ByteBuffer.allocate(0));
                    ends[0].shutdownOutput();
                    try (Received empty = ends[1].receive(ByteBuffer.allocate(1));
                            Received end = ends[1].receive(ByteBuffer.allocate(1))) {
                        assertThat(empty.isEnd()).isFalse();
                        assertThat(empty.length()).isZero();
                        assertThat(end.isEnd()).isTrue();
                    }
                }
            }
        }
    }

    @Nested
    @NotInShortRuns(value = "DatagramsByPathOnVirtualThreads", inCi = 0.2)
    class DatagramsByPathOnPlatformThreads extends Datagrams {
        DatagramsByPathOnPlatformThreads() {
            super(AddressKind.PATH, Thread.ofPlatform());
        }
    }

    @Nested
    class DatagramsByPathOnVirtualThreads extends Datagrams {
        DatagramsByPathOnVirtualThreads() {
            super(AddressKind.PATH, Thread.ofVirtual());
        }
    }

    @Nested
    class DatagramsByAbstractNameOnPlatformThreads extends Datagrams {
        DatagramsByAbstractNameOnPlatformThreads() {
            super(AddressKind.ABSTRACT, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "DatagramsByAbstractNameOnPlatformThreads", inCi = 0.2)
    class DatagramsByAbstractNameOnVirtualThreads extends Datagrams {
        DatagramsByAbstractNameOnVirtualThreads() {
            super(AddressKind.ABSTRACT, Thread.ofVirtual());
        }
    }

    @Nested
    class PacketsByPathOnPlatformThreads extends Packets {
        PacketsByPathOnPlatformThreads() {
            super(AddressKind.PATH, Thread.ofPlatform());
        }
    }

    @Nested
    @NotInShortRuns(value = "PacketsByPathOnPlatformThreads", inCi = 0.2)
    class PacketsByPathOnVirtualThreads extends Packets {
        PacketsByPathOnVirtualThreads() {
            super(AddressKind.PATH, Thread.ofVirtual());
        }
    }

    @Nested
    @NotInShortRuns(value = "PacketsByAbstractNameOnVirtualThreads", inCi = 0.2)
    class PacketsByAbstractNameOnPlatformThreads extends Packets {
        PacketsByAbstractNameOnPlatformThreads() {
            super(AddressKind.ABSTRACT, Thread.ofPlatform());
        }
    }

    @Nested
    class PacketsByAbstractNameOnVirtualThreads extends Packets {
        PacketsByAbstractNameOnVirtualThreads() {
            super(AddressKind.ABSTRACT, Thread.ofVirtual());
        }
    }
}
