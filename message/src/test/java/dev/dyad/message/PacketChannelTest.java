package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.socket.Descriptor;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SystemCallException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A channel over sequenced packets.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class PacketChannelTest {

    private interface Use {
        void of(MessageChannel left, MessageChannel right, MessageSocket end) throws Exception;
    }

    private static void with(Use use) throws Exception {
        SocketPair<MessageSocket> pair = SocketPair.seqpacket();
        try (MessageChannel left = MessageChannel.over(pair.left());
                MessageChannel right = MessageChannel.over(pair.right())) {
            use.of(left, right, pair.right());
        }
    }

    @Test
    void a_packet_is_a_message() throws Exception {
        with((left, right, _) -> {
            left.send(UTF_8.encode("one"));
            left.send(ByteBuffer.allocate(100_000));
            assertThat(ChannelContract.receive(right)).asString().isEqualTo("one");
            assertThat(ChannelContract.receive(right)).hasSize(100_000);
            assertThat(right.tryReceive()).isNull();
            assertThat(left.trySend(UTF_8.encode("two"))).isTrue();
            left.shutdownOutput();
            assertThat(ChannelContract.receive(right)).asString().isEqualTo("two");
            assertThat(right.receive()).isNull();
            assertThat(right.closed()).contains(new Closed.Ended());
        });
    }

    @Test
    void a_packet_that_is_too_long_is_refused_and_ends_nothing() throws Exception {
        with((left, right, _) -> {
            assertThatExceptionOfType(SystemCallException.class)
                    .isThrownBy(() -> left.send(ByteBuffer.allocate(64 << 20)))
                    .withMessageContaining("EMSGSIZE");
            left.send(UTF_8.encode("next"));
            assertThat(ChannelContract.receive(right)).asString().isEqualTo("next");
            right.limit(3);
            left.send(UTF_8.encode("four"));
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(right::receive)
                    .withMessageContaining("the limit is 3");
        });
    }

    @Test
    void a_deadline_and_an_interrupt_end_one_call_only() throws Exception {
        with((left, right, end) -> {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> right.receive(Line.soon()))
                    .withMessage("receive: the deadline has passed");
            var receiving = Call.waiting(Thread.ofPlatform().factory(), () -> end.waiters() == 1, right::receive);
            var behind = Call.parked(Thread.ofPlatform().factory(), right::receive);
            behind.interrupt();
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(behind::get);
            receiving.interrupt();
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(receiving::get);
            left.send(UTF_8.encode("still"));
            assertThat(ChannelContract.receive(right)).asString().isEqualTo("still");
        });
    }

    @Test
    void descriptors_go_along() throws Exception {
        with((left, right, _) -> {
            try (Descriptor memory = Descriptor.memory("passed")) {
                left.send(UTF_8.encode("with it"), List.of(memory, memory), dev.dyad.socket.Deadline.never());
            }
            try (Message message = right.receive()) {
                List<Descriptor> taken = message.takeDescriptors();
                assertThat(taken).hasSize(2);
                taken.forEach(Descriptor::close);
            }
        });
    }

    @Test
    void nothing_is_sent_piece_by_piece() throws Exception {
        with((left, _, _) -> assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> left.send(
                        Channels.newChannel(new java.io.ByteArrayInputStream(new byte[1])),
                        1,
                        dev.dyad.socket.Deadline.never())));
    }
}
