package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pairs of datagrams and of sequenced packets.
@Timeout(60)
class MessagePairTest {

    abstract static class OfTheUnixDomain implements MessageContract {

        @ParameterizedTest
        @ValueSource(ints = {1, 12, 253})
        void a_batch_leaves_no_descriptor_that_came_with_its_messages(int descriptors) throws Exception {
            try (var pair = open();
                    var memory = Descriptor.memory("contract")) {
                MessageBatch batch = MessageBatch.allocate(8, 8);
                int before = Descriptors.open().size();
                for (String message : List.of("", "data")) {
                    pair.left().send(UTF_8.encode(message), Collections.nCopies(descriptors, memory));
                    pair.left().send(UTF_8.encode(message));
                }
                assertThat(pair.right().receive(batch)).isEqualTo(4);
                assertThat(UTF_8.decode(batch.message(2)).toString()).isEqualTo("data");
                assertThat(Descriptors.open()).hasSize(before);
            }
        }
    }

    abstract static class Datagrams extends OfTheUnixDomain {
        @Override
        public SocketPair<MessageSocket> open() throws IOException {
            return SocketPair.datagram();
        }

        @Test
        void a_peer_that_is_gone_is_told_to_the_sender() throws Exception {
            try (var pair = open()) {
                pair.right().close();
                assertThatThrownBy(() -> pair.left().send(UTF_8.encode("x")))
                        .isInstanceOfSatisfying(
                                SystemCallException.class,
                                e -> assertThat(e.errno()).isIn(Errno.ECONNREFUSED, Errno.ECONNRESET));
            }
        }
    }

    abstract static class Packets extends OfTheUnixDomain {
        @Override
        public SocketPair<MessageSocket> open() throws IOException {
            return SocketPair.seqpacket();
        }

        @Test
        void the_end_is_told_from_an_empty_message() throws Exception {
            try (var pair = open()) {
                pair.left().send(ByteBuffer.allocate(0));
                pair.left().close();
                try (Received empty = pair.right().receive(ByteBuffer.allocate(1));
                        Received end = pair.right().receive(ByteBuffer.allocate(1));
                        Received again = pair.right().receive(ByteBuffer.allocate(1))) {
                    assertThat(empty.length()).isZero();
                    assertThat(empty.isEnd()).isFalse();
                    assertThat(end.isEnd()).isTrue();
                    assertThat(end.length()).isEqualTo(-1);
                    assertThat(again.isEnd()).isTrue();
                }
            }
        }

        @Test
        void a_batch_ends_where_the_connection_does() throws Exception {
            try (var pair = open()) {
                pair.left().send(ByteBuffer.allocate(0));
                pair.left().send(UTF_8.encode("last"));
                pair.left().close();
                MessageBatch batch = MessageBatch.allocate(8, 8);
                assertThat(pair.right().receive(batch)).isEqualTo(2);
                assertThat(pair.right().receive(batch)).isEqualTo(-1);
                assertThat(batch.count()).isZero();
            }
        }

        @Test
        void half_a_close_ends_what_the_peer_receives() throws Exception {
            try (var pair = open()) {
                var receiving =
                        Waiting.on(pair.right(), threads(), () -> pair.right().receive(ByteBuffer.allocate(1)));
                pair.left().shutdownOutput();
                try (Received end = receiving.get()) {
                    assertThat(end.isEnd()).isTrue();
                }
                pair.right().send(UTF_8.encode("back"));
                assertThat(MessageContract.text(pair.left())).isEqualTo("back");
            }
        }

        @Test
        void a_peer_that_is_gone_breaks_the_pipe() throws Exception {
            try (var pair = open()) {
                pair.right().close();
                assertThatThrownBy(() -> pair.left().send(UTF_8.encode("x")))
                        .isInstanceOfSatisfying(
                                SystemCallException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
            }
        }
    }

    @Nested
    class DatagramsOnPlatformThreads extends Datagrams {
        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    @Nested
    class DatagramsOnVirtualThreads extends Datagrams {
        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }

    @Nested
    class PacketsOnPlatformThreads extends Packets {
        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().factory();
        }
    }

    @Nested
    class PacketsOnVirtualThreads extends Packets {
        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }
    }
}
