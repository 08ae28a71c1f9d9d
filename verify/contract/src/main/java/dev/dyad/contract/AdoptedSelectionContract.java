package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a selector of the JDK makes of a channel that an end was turned into.
@Timeout(60)
public interface AdoptedSelectionContract {

    /// Opens the pair that is looked at.
    SocketPair<StreamSocket> open() throws IOException;

    /// The kind of thread that calls it.
    ThreadFactory threads();

    private static SocketChannel notBlocking(StreamSocket end) throws IOException {
        SocketChannel channel = end.toSocketChannel();
        channel.configureBlocking(false);
        return channel;
    }

    @Test
    default void a_channel_that_does_not_block_answers_at_once() throws Exception {
        try (var pair = open();
                var channel = notBlocking(pair.right())) {
            assertThat(channel.read(ByteBuffer.allocate(1))).isZero();

            var much = ByteBuffer.allocate(1 << 20);
            long written = 0;
            int more;
            while ((more = channel.write(much.clear())) > 0) {
                written += more;
            }
            assertThat(written).isPositive();
            assertThat(Bytes.read(pair.left(), (int) written)).hasSize((int) written);
        }
    }

    @Test
    default void a_selector_sees_data_room_and_the_end() throws Exception {
        try (var pair = open();
                var channel = notBlocking(pair.right());
                var selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            selector.select();
            assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_WRITE);

            key.interestOps(SelectionKey.OP_READ);
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).isZero();
            var selecting = Waiting.inJdk(threads(), selector::select);
            pair.left().write(UTF_8.encode("x"));
            assertThat(selecting.get()).isOne();
            assertThat(key.isReadable()).isTrue();
            assertThat(channel.read(ByteBuffer.allocate(8))).isOne();

            selector.selectedKeys().clear();
            pair.left().close();
            selector.select();
            assertThat(key.isReadable()).isTrue();
            assertThat(channel.read(ByteBuffer.allocate(8))).isEqualTo(-1);
        }
    }

    @Test
    default void what_the_peer_wrote_before_it_closed_is_read_to_the_last_byte() throws Exception {
        byte[] sent = Bytes.random(new Random(3), 10_000);
        try (var pair = open();
                var channel = notBlocking(pair.right());
                var selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            pair.left().write(ByteBuffer.wrap(sent));
            pair.left().close();

            var received = new ByteArrayOutputStream();
            var room = ByteBuffer.allocate(1_000);
            int read;
            do { // a thousand bytes for each event
                selector.select();
                assertThat(selector.selectedKeys()).hasSize(1);
                selector.selectedKeys().clear();
                read = channel.read(room.clear());
                received.write(room.array(), 0, Math.max(read, 0));
            } while (read >= 0);

            assertThat(received.toByteArray()).isEqualTo(sent);
        }
    }

    @Test
    default void closing_a_channel_that_is_registered_ends_the_stream_for_the_peer() throws Exception {
        try (var pair = open();
                var selector = Selector.open()) {
            var channel = notBlocking(pair.right());
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);

            channel.close();

            assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(key.isValid()).isFalse();
            selector.selectNow();
            assertThat(selector.keys()).isEmpty();
        }
    }

    @Test
    default void it_blocks_again_after_it_has_left_a_selector() throws Exception {
        try (var pair = open();
                var channel = notBlocking(pair.right())) {
            try (var selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_READ);
                selector.selectNow();
            }
            channel.configureBlocking(true);
            var reader = Waiting.inJdk(threads(), () -> Bytes.read(channel, 1));
            pair.left().write(UTF_8.encode("x"));
            assertThat(reader.get()).isEqualTo(new byte[] {'x'});
        }
    }

    @Test
    default void one_selector_serves_our_ends_and_tcp_together() throws Exception {
        int each = 20;
        int rounds = 20;
        var mine = new ArrayList<SocketChannel>();
        var others = new ArrayList<SocketChannel>();
        var pairs = new ArrayList<SocketPair<StreamSocket>>();
        try (var selector = Selector.open();
                var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < each; i++) {
                var pair = open();
                pairs.add(pair);
                others.add(pair.left().toSocketChannel());
                mine.add(notBlocking(pair.right()));
                others.add(SocketChannel.open(server.getLocalAddress()));
                mine.add(server.accept());
                mine.getLast().configureBlocking(false);
            }
            for (var channel : mine) {
                channel.register(selector, SelectionKey.OP_READ, new HashSet<Byte>());
            }
            var serving = Waiting.start(threads(), () -> echoUntilAllHaveEnded(selector, mine.size()));
            var talking = new ArrayList<Waiting<Boolean>>();
            for (var channel : others) {
                talking.add(Waiting.start(threads(), () -> talk(channel, rounds)));
            }

            for (var talk : talking) {
                assertThat(talk.get()).isTrue();
            }
            assertThat(serving.get()).containsOnly(Set.of((byte) 'x')).hasSize(2 * each);
        } finally {
            for (var channel :
                    List.of(mine, others).stream().flatMap(List::stream).toList()) {
                channel.close();
            }
            for (var pair : pairs) {
                pair.close();
            }
        }
    }

    private static boolean talk(SocketChannel channel, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            channel.write(UTF_8.encode("x"));
            if (Bytes.read(channel, 1)[0] != 'x') {
                return false;
            }
        }
        channel.shutdownOutput();
        return channel.read(ByteBuffer.allocate(1)) == -1;
    }

    /// @return for each channel, what bytes it sent
    @SuppressWarnings("unchecked")
    private static List<Set<Byte>> echoUntilAllHaveEnded(Selector selector, int count) throws IOException {
        var ended = new ArrayList<Set<Byte>>();
        while (ended.size() < count) {
            selector.select(key -> {
                try {
                    if (!echo(key)) {
                        ended.add((Set<Byte>) key.attachment());
                        key.channel().close();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
        return ended;
    }

    @SuppressWarnings("unchecked")
    private static boolean echo(SelectionKey key) throws IOException {
        var channel = (SocketChannel) key.channel();
        var room = ByteBuffer.allocate(16);
        if (channel.read(room) < 0) {
            return false;
        }
        room.flip();
        for (int i = 0; i < room.limit(); i++) {
            ((Set<Byte>) key.attachment()).add(room.get(i));
        }
        channel.write(room);
        return true;
    }
}
