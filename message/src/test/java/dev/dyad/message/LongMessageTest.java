package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages that are sent and received piece by piece.
@NullUnmarked // what is not there fails the test
@Timeout(120)
class LongMessageTest {

    /// Bytes that are made up as they are read: each tells its place.
    private static class Made implements ReadableByteChannel {
        private final long length;
        private long made;

        Made(long length) {
            this.length = length;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = 0;
            for (; target.hasRemaining() && made < length; count++) {
                target.put((byte) ((made * 31) >> 3));
                made++;
            }
            return count == 0 ? -1 : count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private static void move(long length) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right =
                        MessageChannel.over(pair.right(), Wire.framed()).limit(Long.MAX_VALUE)) {
            var sender = Call.start(Thread.ofPlatform().factory(), () -> {
                left.send(new Made(length), length, Deadline.never());
                left.send(UTF_8.encode("behind"));
                return null;
            });
            try (Message message = right.receive()) {
                assertThat(message.length()).isEqualTo(length);
                compare(message.body(), new Made(length));
            }
            assertThat(ChannelContract.receive(right)).asString().isEqualTo("behind");
            sender.get();
        }
    }

    private static void compare(ReadableByteChannel come, ReadableByteChannel expected) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(1 << 18);
        ByteBuffer same = ByteBuffer.allocate(1 << 18);
        while (come.read(some.clear()) >= 0) {
            same.clear().limit(some.flip().remaining());
            expected.read(same);
            if (!some.equals(same.flip())) {
                throw new AssertionError("other bytes");
            }
        }
        assertThat(expected.read(same.clear())).isEqualTo(-1);
    }

    @Test
    void one_that_is_in_no_buffer_is_sent_and_received() throws Exception {
        move((5 << 20) + 7);
    }

    @Test
    void a_short_one_is_sent_piece_by_piece_too() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            left.send(new Made(3), 3, Deadline.never());
            left.send(new Made(0), 0, Deadline.never());
            assertThat(ChannelContract.receive(right)).hasSize(3);
            assertThat(ChannelContract.receive(right)).isEmpty();
        }
    }

    @Test
    void one_is_read_in_pieces_as_long_as_a_stream_takes_outside_the_heap() throws Exception {
        List<Integer> asked = new ArrayList<>();
        var body = new Made(1 << 20) {
            @Override
            public int read(ByteBuffer target) throws IOException {
                assertThat(target.isDirect()).isTrue();
                asked.add(target.remaining());
                return super.read(target);
            }
        };
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            var sender = Call.start(Thread.ofPlatform().factory(), () -> {
                left.send(body, 1 << 20, Deadline.never());
                return null;
            });
            assertThat(ChannelContract.receive(right)).hasSize(1 << 20);
            sender.get();
        }

        assertThat(asked).containsExactly(1 << 18, 1 << 18, 1 << 18, 1 << 18);
    }

    @Test
    @NotInShortRuns("one of five megabytes stands for it")
    void one_of_more_than_two_gibibytes_is_sent_and_received() throws Exception {
        move((2L << 30) + 7);
    }

    @Test
    void one_whose_bytes_end_early_ends_the_channel_and_says_so() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            assertThatThrownBy(() -> left.send(new Made(100), 1000, Deadline.never()))
                    .hasMessageContaining("the body ended after 100 of 1000 bytes");
            assertThat(left.closed()).contains(new Closed.Here("the body of a message failed after 100 of 1000 bytes"));
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(right::receive)
                    .withMessageContaining("within a message");
        }
    }

    @Test
    void one_whose_deadline_passes_within_it_ends_the_channel() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (MessageChannel left = MessageChannel.over(pair.left(), Wire.framed());
                MessageChannel right = MessageChannel.over(pair.right(), Wire.framed())) {
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(() -> left.send(new Made(8 << 20), 8 << 20, Line.soon()))
                    .withMessageContaining("gave up within a message");
            assertThat(right.closed()).isEmpty();
        }
    }
}
