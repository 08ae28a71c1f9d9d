package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a reader makes of wires and peers that do not behave, and of threads that give up.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class FrameReaderTest {

    /// A wire that answers what no wire should.
    private record Odd(int head, long body) implements Wire.Prefixed {

        @Override
        public int headSize(ByteBuffer come) {
            return head;
        }

        @Override
        public long bodyLength(ByteBuffer bytes) {
            return body;
        }

        @Override
        public void writeHead(long bodyLength, ByteBuffer target) {
            // none
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4097, Integer.MAX_VALUE})
    void a_head_that_no_wire_has_ends_the_channel(int size) throws Exception {
        try (Line line = Line.ofSockets(new Odd(size, 1))) {
            line.write((byte) 1);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive())
                    .withMessageContaining("a head of " + size + " bytes at byte 0");
        }
    }

    @Test
    void a_length_below_zero_ends_the_channel() throws Exception {
        try (Line line = Line.ofSockets(new Odd(1, -5))) {
            line.write((byte) 1);
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> line.channel().receive())
                    .withMessageContaining("a length below zero, -5");
        }
    }

    @Test
    void bytes_that_were_read_of_a_long_message_are_kept_when_a_call_is_ended_early() throws Exception {
        byte[] bytes = ChannelContract.random(new java.util.Random(1), 2 << 20);
        byte[] frame = ChannelContract.frame(bytes);
        try (Line line = Line.ofSockets(Wire.framed())) {
            line.write(java.util.Arrays.copyOf(frame, 100_000));
            try (Message message = line.channel().receive()) {
                assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> message.bytes(Line.soon()));
                var waits = Call.waiting(Thread.ofVirtual().factory(), () -> line.waiters() == 1, message::bytes);
                waits.interrupt();
                assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(waits::get);

                var rest = Call.start(Thread.ofVirtual().factory(), () -> {
                    line.write(java.util.Arrays.copyOfRange(frame, 100_000, frame.length));
                    return null;
                });
                assertThat(ChannelContract.bytes(message)).isEqualTo(bytes);
                rest.get();
            }
        }
    }

    @Test
    void descriptors_of_a_message_that_is_skipped_are_closed_with_it() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel channel = MessageChannel.over(pair.left(), Wire.framed(), 8);
                StreamSocket peer = pair.right();
                Descriptor memory = Descriptor.memory("passed")) {
            byte[] frame = ChannelContract.frame(new byte[2 << 20]);
            var writer = Call.start(Thread.ofVirtual().factory(), () -> {
                peer.write(ByteBuffer.wrap(frame, 0, 50_000));
                peer.send(ByteBuffer.wrap(frame, 50_000, 10), List.of(memory), Deadline.never());
                peer.write(ByteBuffer.wrap(frame, 50_010, frame.length - 50_010));
                peer.write(ByteBuffer.wrap(ChannelContract.frame((byte) 1)));
                return null;
            });
            channel.receive().close();
            try (Message next = channel.receive()) {
                assertThat(ChannelContract.bytes(next)).containsExactly(1);
                assertThat(next.takeDescriptors()).isEmpty();
            }
            writer.get();
        }
    }

    @Test
    void a_close_while_another_thread_reads_leaves_no_descriptor() throws Exception {
        for (int i = 0; i < 50; i++) {
            SocketPair<StreamSocket> pair = SocketPair.stream();
            MessageChannel channel = MessageChannel.over(pair.left(), Wire.framed(), 8);
            try (StreamSocket peer = pair.right();
                    Descriptor memory = Descriptor.memory("passed")) {
                var reader = Call.start(Thread.ofPlatform().factory(), () -> {
                    try (Message message = channel.receive()) {
                        return message;
                    }
                });
                peer.send(ByteBuffer.wrap(new byte[] {0, 0, 0, 9, 1}), List.of(memory), Deadline.never());
                channel.close();
                assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(reader::get);
            }
        }
    }

    @Test
    void a_try_does_not_wait_until_a_child_has_exited() throws Exception {
        try (Child child = Command.of("sh", "-c", "printf '\\0\\0\\0\\1x' >&3; exec 3>&-; read -r line")
                        .stdin(dev.dyad.process.Stdio.pipe())
                        .spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            assertThat(ChannelContract.receive(channel)).isEqualTo("x".getBytes(UTF_8));
            assertThat(channel.tryReceive()).isNull();
            child.stdin().close();
            child.waitFor();
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(channel::receive)
                    .withMessageContaining("the child has ended: Exited[code=1]");
        }
    }
}
