package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.MessageBatch;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.Received;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
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
                int before = Descriptors.held().size();
                for (String message : List.of("", "data")) {
                    pair.left().send(UTF_8.encode(message), Collections.nCopies(descriptors, memory));
                    pair.left().send(UTF_8.encode(message));
                }
                assertThat(pair.right().receive(batch)).isEqualTo(4);
                assertThat(UTF_8.decode(batch.message(2)).toString()).isEqualTo("data");
                assertThat(Descriptors.held()).hasSize(before);
            }
        }

        @Test
        void a_look_opens_no_descriptor_and_takes_none() throws Exception {
            try (var pair = open();
                    var memory = Descriptor.memory("contract")) {
                pair.left().send(UTF_8.encode("x"), List.of(memory));
                int before = Descriptors.held().size();
                try (Received looked = pair.right().peek(ByteBuffer.allocate(1), Deadline.never())) {
                    assertThat(looked.descriptors()).isEmpty();
                    assertThat(Descriptors.held()).hasSize(before);
                }
                try (Received received = pair.right().receive(ByteBuffer.allocate(1), 1, Deadline.never())) {
                    assertThat(received.descriptors()).hasSize(1);
                }
            }
        }

        @Test
        void arrays_that_are_long_together_are_one_message() throws Exception {
            try (var pair = open()) {
                var parts = new ByteBuffer[4];
                Arrays.setAll(parts, i -> ByteBuffer.allocate(30_000).put(29_999, (byte) i));
                pair.left().send(parts, List.of(), Deadline.never());
                var targets = new ByteBuffer[] {ByteBuffer.allocate(50_000), ByteBuffer.allocate(80_000)};
                try (Received received = pair.right().receive(targets, 0, Deadline.never())) {
                    assertThat(received.fullLength()).isEqualTo(120_000);
                }
                assertThat(targets[0].get(29_999)).isEqualTo((byte) 0);
                assertThat(targets[1].get(9_999)).isEqualTo((byte) 1);
                assertThat(targets[1].get(39_999)).isEqualTo((byte) 2);
                assertThat(targets[1].get(69_999)).isEqualTo((byte) 3);
                assertThat(targets[1].position()).isEqualTo(70_000);
            }
        }

        @Test
        void two_owners_of_a_socket_get_whole_messages() throws Exception {
            try (var pair = open();
                    var other = another(pair.right())) {
                int count = 600;
                var taken = new AtomicInteger();
                var cut = new AtomicInteger();
                var takers = new ArrayList<Waiting<Void>>();
                for (MessageSocket socket : List.of(pair.right(), other)) {
                    takers.add(Waiting.start(threads(), () -> {
                        ByteBuffer target = ByteBuffer.allocate(200_000);
                        while (taken.get() < count) {
                            try (Received received = socket.tryReceive(target.clear(), 0)) {
                                if (received != null) {
                                    taken.incrementAndGet();
                                    cut.addAndGet(received.isTruncated() ? 1 : 0);
                                } else {
                                    Thread.onSpinWait();
                                }
                            }
                        }
                        return null;
                    }));
                }
                for (int i = 0; i < count; i++) {
                    pair.left().send(ByteBuffer.allocate(i % 2 == 0 ? 66_000 : 150_000));
                }
                for (var taker : takers) {
                    taker.get();
                }
                assertThat(cut).hasValue(0);
            }
        }

        private static MessageSocket another(MessageSocket socket) throws Exception {
            try (var carrier = SocketPair.stream()) {
                carrier.left().send(ByteBuffer.allocate(1), List.of(socket));
                try (Received received = carrier.right().receive(ByteBuffer.allocate(1), 1)) {
                    return received.descriptors().getFirst().toMessageSocket();
                }
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
