package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Capability;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Datagrams of the Internet protocols, on this machine.
@Timeout(60)
class InternetDatagramTest {

    abstract static class Datagrams extends Meeting {

        Datagrams(AddressKind place, Thread.Builder threads) {
            super(place, threads);
        }

        private MessageSocket open() throws IOException {
            return MessageSocket.open(place.domain(), SocketPair.SOCK_DGRAM);
        }

        private MessageSocket bound() throws IOException {
            return open().bind(place.fresh());
        }

        @Test
        void a_datagram_names_its_sender_who_is_answered() throws Exception {
            try (MessageSocket server = bound();
                    MessageSocket client = bound()) {
                client.sendTo(UTF_8.encode("question"), server.localAddress());
                try (Received received = server.receive(ByteBuffer.allocate(4))) {
                    assertThat(received.sender()).isEqualTo(client.localAddress());
                    assertThat(received.isTruncated()).isTrue();
                    assertThat(received.fullLength()).isEqualTo(8);
                }
                server.sendTo(ByteBuffer.allocate(0), client.localAddress());
                try (Received received = client.receive(ByteBuffer.allocate(4))) {
                    assertThat(received.length()).isZero();
                    assertThat(received.isEnd()).isFalse();
                }
            }
        }

        @Test
        void a_connected_one_sends_without_an_address_and_hears_only_its_peer() throws Exception {
            try (MessageSocket server = bound();
                    MessageSocket client = bound();
                    MessageSocket stranger = bound()) {
                assertThatThrownBy(() -> client.send(UTF_8.encode("x"))).isInstanceOf(NotYetConnectedException.class);
                client.connect(server.localAddress());
                assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
                stranger.sendTo(UTF_8.encode("not heard"), client.localAddress());
                client.send(UTF_8.encode("question"));
                assertThat(MessageContract.text(server)).isEqualTo("question");
                server.sendTo(UTF_8.encode("answer"), client.localAddress());
                assertThat(MessageContract.text(client)).isEqualTo("answer");
            }
        }

        @Test
        void nobody_there_is_told_to_who_is_connected() throws Exception {
            try (MessageSocket client = bound()) {
                SocketAddress gone;
                try (MessageSocket server = bound()) {
                    gone = server.localAddress();
                }
                client.connect(gone);
                client.send(UTF_8.encode("x"));
                assertThatThrownBy(() -> client.receive(ByteBuffer.allocate(1)))
                        .isInstanceOfSatisfying(
                                SystemCallException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
            }
        }

        @Test
        void a_batch_goes_and_comes() throws Exception {
            try (MessageSocket server = bound();
                    MessageSocket client = open().connect(server.localAddress())) {
                client.send(MessageBatch.allocate(3, 10)
                        .add(UTF_8.encode("one"))
                        .add(ByteBuffer.allocate(0))
                        .add(UTF_8.encode("three")));
                MessageBatch batch = MessageBatch.allocate(8, 4);
                assertThat(server.receive(batch)).isEqualTo(3);
                assertThat(batch.message(1).remaining()).isZero();
                assertThat(batch.isTruncated(2)).isTrue();
                assertThat(batch.fullLength(2)).isEqualTo(5);
            }
        }

        @Test
        void a_receive_ends_at_its_deadline_and_with_a_close() throws Exception {
            MessageSocket server = bound();
            assertThatThrownBy(() -> server.receive(ByteBuffer.allocate(1), StreamContract.soon()))
                    .isInstanceOf(SocketTimeoutException.class);
            var receiving = Waiting.on(server, threads(), () -> server.receive(ByteBuffer.allocate(1)));
            server.close();
            assertThatThrownBy(receiving::get).isExactlyInstanceOf(AsynchronousCloseException.class);
        }

        @Test
        void descriptors_are_refused_and_so_is_an_address_of_another_family() throws Exception {
            try (MessageSocket server = bound();
                    MessageSocket client = open();
                    Descriptor file = Descriptor.memory("x")) {
                assertThat(client.capabilities())
                        .contains(Capability.DESCRIPTOR)
                        .doesNotContain(Capability.DESCRIPTOR_PASSING, Capability.PEER_CREDENTIALS);
                assertThatThrownBy(() -> client.sendTo(
                                UTF_8.encode("x"), server.localAddress(), List.of(file), StreamContract.soon()))
                        .isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(() -> server.tryReceive(ByteBuffer.allocate(1), 1))
                        .isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(client::peerCredentials).isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(() -> client.sendTo(UTF_8.encode("x"), AddressKind.ABSTRACT.fresh()))
                        .isInstanceOf(UnsupportedAddressTypeException.class);
            }
        }

        @Test
        void one_that_is_longer_than_the_protocol_takes_is_told() throws Exception {
            try (MessageSocket server = bound();
                    MessageSocket client = open()) {
                ByteBuffer tooLong = ByteBuffer.allocate(70_000);
                assertThatThrownBy(() -> client.sendTo(tooLong, server.localAddress()))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EMSGSIZE");
                assertThat(tooLong.position()).isZero();
            }
        }
    }

    @Nested
    class InetOnPlatformThreads extends Datagrams {
        InetOnPlatformThreads() {
            super(AddressKind.INET, Thread.ofPlatform());
        }
    }

    @Nested
    class InetOnVirtualThreads extends Datagrams {
        InetOnVirtualThreads() {
            super(AddressKind.INET, Thread.ofVirtual());
        }
    }

    @Nested
    class Inet6OnPlatformThreads extends Datagrams {
        Inet6OnPlatformThreads() {
            super(AddressKind.INET6, Thread.ofPlatform());
        }
    }

    @Nested
    class Inet6OnVirtualThreads extends Datagrams {
        Inet6OnVirtualThreads() {
            super(AddressKind.INET6, Thread.ofVirtual());
        }
    }
}
