package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptor;
import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a channel of the JDK does that an end was turned into: what every channel does that the JDK
/// connected itself.
///
/// The JDK promises nothing of the kind. Where a newer one fails here, look at what `SocketChannels` says it
/// relies on. What a selector makes of such a channel is in [AdoptedSelectionContract].
@Timeout(60)
public interface AdoptedChannelContract {

    /// What those are told who go on with the end.
    String HANDED_OVER = "handed over by toSocketChannel(): go on with the SocketChannel that it returned";

    /// Opens the pair that is looked at.
    SocketPair<StreamSocket> open() throws IOException;

    /// The kind of thread that calls it.
    ThreadFactory threads();

    /// Turns an end into a channel, on the kind of thread that is looked at.
    private SocketChannel adopt(StreamSocket end) throws Exception {
        return Waiting.start(threads(), end::toSocketChannel).get();
    }

    /// Runs a call that a platform or a virtual thread makes.
    private <T> T call(Callable<T> call) throws Exception {
        return Waiting.start(threads(), call).get();
    }

    /// Writes in the JDK's way, which may accept a part only.
    private static int writeAll(SocketChannel channel, byte[] bytes) throws IOException {
        var source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            channel.write(source);
        }
        return bytes.length;
    }

    @Test
    default void what_is_written_to_the_channel_is_read_from_the_other_end() throws Exception {
        try (var pair = open();
                var channel = adopt(pair.right())) {
            assertThat(call(() -> channel.write(UTF_8.encode("from the JDK")))).isEqualTo(12);
            assertThat(Bytes.read(pair.left(), 12)).isEqualTo("from the JDK".getBytes(UTF_8));

            pair.left().write(UTF_8.encode("to the JDK"));
            assertThat(call(() -> Bytes.read(channel, 10))).isEqualTo("to the JDK".getBytes(UTF_8));
        }
    }

    @Test
    default void it_is_open_connected_and_blocks() throws Exception {
        try (var pair = open();
                var channel = adopt(pair.right())) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(channel.isConnected()).isTrue();
            assertThat(channel.isBlocking()).isTrue();
            assertThat(channel.isRegistered()).isFalse();
            assertThat(channel.toString()).contains("connected");
        }
    }

    private static Stream<ThrowingCallable> uses(StreamSocket end) {
        Stream<ThrowingCallable> always = Stream.of(
                () -> end.read(ByteBuffer.allocate(1)),
                () -> end.read(ByteBuffer.allocate(1), Deadline.after(Duration.ZERO)),
                () -> end.tryRead(ByteBuffer.allocate(1)),
                () -> end.write(ByteBuffer.allocate(1)),
                () -> end.tryWrite(ByteBuffer.allocate(1)),
                end::shutdownInput,
                end::shutdownOutput,
                end::toSocketChannel);
        Stream<ThrowingCallable> ofDescriptors = Stream.of(
                end::borrow,
                end::toDescriptor,
                end::localAddress,
                () -> end.receive(ByteBuffer.allocate(1), 0),
                () -> end.setOption(StandardSocketOptions.SO_SNDBUF, 4096));
        return end.capabilities().contains(Capability.DESCRIPTOR) ? Stream.concat(always, ofDescriptors) : always;
    }

    @Test
    default void the_end_is_consumed() throws Exception {
        try (var pair = open();
                var channel = adopt(pair.right())) {
            StreamSocket end = pair.right();

            assertThat(end.isOpen()).isFalse();
            uses(end)
                    .forEach(use -> assertThatThrownBy(use)
                            .isInstanceOf(ClosedChannelException.class)
                            .isNotInstanceOf(AsynchronousCloseException.class)
                            .hasMessage(HANDED_OVER));
            end.close();

            channel.write(UTF_8.encode("x"));
            assertThat(Bytes.read(pair.left(), 1)).isEqualTo(new byte[] {'x'});
        }
    }

    @Test
    default void what_was_not_read_yet_is_read_from_the_channel() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("early and late"));
            assertThat(Bytes.read(pair.right(), 6)).isEqualTo("early ".getBytes(UTF_8));

            try (var channel = adopt(pair.right())) {
                assertThat(call(() -> Bytes.read(channel, 8))).isEqualTo("and late".getBytes(UTF_8));
            }
        }
    }

    @Test
    default void calls_under_way_end_as_with_a_close() throws Exception {
        try (var pair = open()) {
            StreamSocket end = pair.right();
            var writer = Waiting.on(end, threads(), () -> end.write(ByteBuffer.allocate(16 << 20)));
            var reader = Waiting.on(end, threads(), () -> end.read(ByteBuffer.allocate(1)));
            var second = Waiting.inLine(threads(), () -> end.read(ByteBuffer.allocate(1)));

            try (var channel = adopt(end)) {
                assertThat(end.waiters()).isZero();
                for (Waiting<?> call : List.of(reader, writer)) {
                    assertThatThrownBy(call::get)
                            .isExactlyInstanceOf(AsynchronousCloseException.class)
                            .hasRootCauseMessage(HANDED_OVER);
                }
                assertThatThrownBy(second::get).isInstanceOf(ClosedChannelException.class);
                pair.left().write(UTF_8.encode("x"));
                assertThat(call(() -> Bytes.read(channel, 1))).isEqualTo(new byte[] {'x'});
            }
        }
    }

    @Test
    default void a_call_under_way_takes_nothing_that_came_afterwards() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var pair = open()) {
                var reader = Waiting.start(threads(), () -> pair.right().read(ByteBuffer.allocate(8)));
                try (var channel = adopt(pair.right())) {
                    pair.left().write(UTF_8.encode("x"));
                    assertThat(call(() -> Bytes.read(channel, 1))).isEqualTo(new byte[] {'x'});
                    assertThatThrownBy(reader::get).isInstanceOf(ClosedChannelException.class);
                }
            }
        }
    }

    @Test
    default void a_close_that_races_the_adoption_closes_the_connection_or_comes_too_late() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var pair = open()) {
                var adopting = Waiting.start(threads(), pair.right()::toSocketChannel);
                pair.right().close();
                try (var channel = adopting.get()) {
                    channel.write(UTF_8.encode("x"));
                    assertThat(Bytes.read(pair.left(), 1)).isEqualTo(new byte[] {'x'});
                } catch (ClosedChannelException closedFirst) {
                    assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    default void of_two_who_turn_the_same_end_into_a_channel_one_gets_it() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var pair = open()) {
                var channels = new ArrayList<SocketChannel>();
                for (var adopting : new Waiting<?>[] {
                    Waiting.start(threads(), pair.right()::toSocketChannel),
                    Waiting.start(threads(), pair.right()::toSocketChannel)
                }) {
                    try {
                        channels.add((SocketChannel) adopting.get());
                    } catch (ClosedChannelException expected) {
                        // the other has it
                    }
                }
                assertThat(channels).hasSize(1);
                channels.getFirst().close();
                assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
    }

    @Test
    default void an_interrupted_thread_can_adopt_and_stays_interrupted() throws Exception {
        try (var pair = open()) {
            var channel = call(() -> {
                Thread.currentThread().interrupt();
                var adopted = pair.right().toSocketChannel();
                assertThat(Thread.interrupted()).isTrue();
                return adopted;
            });
            channel.write(UTF_8.encode("x"));
            assertThat(Bytes.read(pair.left(), 1)).isEqualTo(new byte[] {'x'});
            channel.close();
        }
    }

    @Test
    default void the_descriptor_of_the_channel_is_close_on_exec_and_the_only_one() throws Exception {
        try (var pair = open()) {
            if (!pair.right().capabilities().contains(Capability.DESCRIPTOR)) {
                try (var channel = adopt(pair.right())) {
                    assertThat(channel.isOpen()).isTrue(); // the JDK's own, which it does not make close-on-exec
                }
                return;
            }
            String socket;
            try (var fd = pair.right().borrow()) {
                socket = Descriptors.open().get(fd.fd()).target();
            }
            try (var channel = adopt(pair.right())) {
                assertThat(channel.isOpen()).isTrue();
                assertThat(Descriptors.open().values())
                        .filteredOn(open -> open.target().equals(socket))
                        .singleElement()
                        .matches(Descriptor::closeOnExec);
            }
        }
    }

    @Test
    default void closing_the_channel_ends_the_stream_for_the_peer() throws Exception {
        try (var pair = open()) {
            var channel = adopt(pair.right());
            var reader = Waiting.on(pair.left(), threads(), () -> Bytes.readToEnd(pair.left()));

            channel.write(UTF_8.encode("bye"));
            channel.close();

            assertThat(reader.get()).isEqualTo("bye".getBytes(UTF_8));
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void the_peers_close_ends_the_stream_after_what_it_wrote() throws Exception {
        try (var pair = open();
                var channel = adopt(pair.right())) {
            var reader = Waiting.inJdk(threads(), () -> Bytes.readToEnd(channel));

            pair.left().write(UTF_8.encode("last words"));
            pair.left().close();

            assertThat(reader.get()).isEqualTo("last words".getBytes(UTF_8));
        }
    }

    @Test
    default void close_ends_a_read_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var channel = adopt(pair.right());
            var reader = Waiting.inJdk(threads(), () -> channel.read(ByteBuffer.allocate(1)));

            channel.close();

            assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    default void close_ends_a_write_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var channel = adopt(pair.right());
            var writer = Waiting.inJdk(threads(), () -> writeAll(channel, new byte[16 << 20]));

            channel.close();

            assertThatThrownBy(writer::get).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void interrupt_ends_a_read_and_closes_the_channel() throws Exception {
        try (var pair = open();
                var channel = adopt(pair.right())) {
            var reader = Waiting.inJdk(threads(), () -> channel.read(ByteBuffer.allocate(1)));

            reader.interrupt();

            assertThatThrownBy(reader::get).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(channel.isOpen()).isFalse();
            assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    default void half_a_close_ends_one_direction_and_leaves_the_other() throws Exception {
        try (var pair = open();
                var channel = adopt(pair.right())) {
            channel.write(UTF_8.encode("request"));
            channel.shutdownOutput();
            assertThat(Bytes.readToEnd(pair.left())).isEqualTo("request".getBytes(UTF_8));

            pair.left().write(UTF_8.encode("reply"));
            pair.left().shutdownOutput();
            assertThat(call(() -> Bytes.readToEnd(channel))).isEqualTo("reply".getBytes(UTF_8));
        }
    }

    @Test
    default void what_was_ended_before_stays_ended_in_the_channel() throws Exception {
        try (var pair = open()) {
            pair.right().shutdownOutput();
            try (var channel = adopt(pair.right())) {
                assertThatThrownBy(() -> channel.write(UTF_8.encode("x"))).isInstanceOf(ClosedChannelException.class);
                pair.left().write(UTF_8.encode("still"));
                assertThat(call(() -> Bytes.read(channel, 5))).isEqualTo("still".getBytes(UTF_8));
            }
        }
        try (var pair = open()) {
            pair.right().shutdownInput();
            try (var channel = adopt(pair.right())) {
                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                channel.write(UTF_8.encode("still"));
                assertThat(Bytes.read(pair.left(), 5)).isEqualTo("still".getBytes(UTF_8));
            }
        }
    }

    @Test
    default void a_peer_that_has_gone_already_leaves_what_it_wrote() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("was here"));
            pair.left().close();

            try (var channel = adopt(pair.right())) {
                assertThat(call(() -> Bytes.readToEnd(channel))).isEqualTo("was here".getBytes(UTF_8));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    default void much_crosses_between_two_channels_in_both_directions_at_once(long seed) throws Exception {
        byte[] there = Bytes.random(new Random(seed), 4 << 20);
        byte[] back = Bytes.random(new Random(seed + 1), 4 << 20);
        try (var pair = open();
                var left = adopt(pair.left());
                var right = adopt(pair.right())) {
            var writers = new Waiting<?>[] {
                Waiting.start(threads(), () -> writeAll(left, there)),
                Waiting.start(threads(), () -> writeAll(right, back))
            };
            var atLeft = Waiting.start(threads(), () -> Bytes.read(left, back.length));

            assertThat(call(() -> Bytes.read(right, there.length))).isEqualTo(there);
            assertThat(atLeft.get()).isEqualTo(back);
            for (var writer : writers) {
                assertThat(writer.get()).isEqualTo(4 << 20);
            }
        }
    }

    @Test
    default void many_idle_readers_all_wake() throws Exception {
        int count = 100; // on virtual threads: many more than there are carriers to hold
        var pairs = new ArrayList<SocketPair<StreamSocket>>();
        var channels = new ArrayList<SocketChannel>();
        var readers = new ArrayList<Waiting<byte[]>>();
        try {
            for (int i = 0; i < count; i++) {
                var pair = open();
                pairs.add(pair);
                var channel = adopt(pair.right());
                channels.add(channel);
                readers.add(Waiting.inJdk(threads(), () -> Bytes.read(channel, 1)));
            }
            for (int i = count - 1; i >= 0; i--) {
                pairs.get(i).left().write(UTF_8.encode("x"));
                assertThat(readers.get(i).get()).isEqualTo(new byte[] {'x'});
            }
        } finally {
            for (var pair : pairs) {
                pair.close();
            }
            for (var channel : channels) {
                channel.close();
            }
        }
    }
}
