package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Capability;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every connected stream does, however it was made and whatever kind of thread calls it: the bytes.
///
/// How its waits end is in [WaitingContract], what several buffers do in [VectoredContract], what only some can in
/// [CapabilityContract].
@Timeout(60)
public interface StreamContract extends CapabilityContract {

    /// A deadline that is known to pass.
    static Deadline soon() {
        return Deadline.after(Duration.ofMillis(50));
    }

    @Test
    default void what_is_written_to_one_end_is_read_from_the_other() throws Exception {
        try (var pair = open()) {
            assertThat(pair.left().write(UTF_8.encode("ABCdef123\n"))).isEqualTo(10);
            assertThat(Bytes.read(pair.right(), 10)).isEqualTo("ABCdef123\n".getBytes(UTF_8));

            assertThat(pair.right().write(UTF_8.encode("back"))).isEqualTo(4);
            assertThat(Bytes.read(pair.left(), 4)).isEqualTo("back".getBytes(UTF_8));
        }
    }

    @Test
    default void what_is_written_to_one_end_is_not_read_from_the_same_end() throws Exception {
        try (var pair = open()) {
            pair.right().write(UTF_8.encode("to the left"));

            assertThatThrownBy(() -> pair.right().read(ByteBuffer.allocate(1), soon()))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(Bytes.read(pair.left(), 11)).isEqualTo("to the left".getBytes(UTF_8));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    default void bytes_arrive_in_order_however_they_are_split(long seed) throws Exception {
        var random = new Random(seed);
        byte[] sent = Bytes.random(random, random.nextInt(1 << 20));
        try (var pair = open()) {
            var writer = Waiting.start(threads(), () -> Bytes.writeInPieces(pair.left(), sent, new Random(seed + 1)));
            var reader = Waiting.start(threads(), () -> Bytes.readToEnd(pair.right(), new Random(seed + 2)));

            assertThat(reader.get()).isEqualTo(sent);
            assertThat(writer.get()).isEqualTo(sent.length);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    default void both_directions_flow_at_once_with_full_buffers(long seed) throws Exception {
        byte[] there = Bytes.random(new Random(seed), 8 << 20);
        byte[] back = Bytes.random(new Random(seed + 1), 8 << 20);
        try (var pair = open()) {
            var leftWriter = Waiting.start(threads(), () -> Bytes.writeInPieces(pair.left(), there, new Random(seed)));
            var rightWriter = Waiting.start(threads(), () -> Bytes.writeInPieces(pair.right(), back, new Random(seed)));
            var leftReader = Waiting.start(threads(), () -> Bytes.readToEnd(pair.left()));
            var rightReader = Waiting.start(threads(), () -> Bytes.readToEnd(pair.right()));

            assertThat(rightReader.get()).isEqualTo(there);
            assertThat(leftReader.get()).isEqualTo(back);
            assertThat(leftWriter.get()).isEqualTo(there.length);
            assertThat(rightWriter.get()).isEqualTo(back.length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 4093, 65_537, 1_000_003})
    default void awkward_sizes_cross_from_and_to_every_kind_of_buffer(int size) throws Exception {
        byte[] sent = Bytes.random(new Random(size), size);
        for (boolean direct : new boolean[] {false, true}) {
            try (var pair = open()) {
                var writer = Waiting.start(threads(), () -> pair.left().write(Bytes.buffer(sent, direct)));

                assertThat(Bytes.read(pair.right(), size)).isEqualTo(sent);
                assertThat(writer.get()).isEqualTo(size);
            }
        }
    }

    @Test
    default void a_write_takes_from_position_to_limit_and_leaves_the_position_at_the_limit() throws Exception {
        try (var pair = open()) {
            ByteBuffer source = UTF_8.encode("..middle..").position(2).limit(8).asReadOnlyBuffer();

            assertThat(pair.left().write(source)).isEqualTo(6);
            assertThat(source.position()).isEqualTo(8);
            assertThat(Bytes.read(pair.right(), 6)).isEqualTo("middle".getBytes(UTF_8));
        }
    }

    @Test
    default void a_read_leaves_what_is_behind_the_bytes_that_came_as_it_was() throws Exception {
        try (var pair = open()) {
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer room = Bytes.buffer("################".getBytes(UTF_8), direct);
                room.position(2);
                pair.left().write(UTF_8.encode("five!"));

                assertThat(pair.right().read(room)).isEqualTo(5);
                assertThat(room.position()).isEqualTo(7);
                assertThat(UTF_8.decode(room.rewind()).toString()).isEqualTo("##five!#########");
            }
        }
    }

    @Test
    default void a_read_without_room_and_a_write_without_bytes_answer_zero() throws Exception {
        try (var pair = open()) {
            assertThat(pair.left().read(ByteBuffer.allocate(0))).isZero();
            assertThat(pair.left().write(ByteBuffer.allocate(0))).isZero();

            pair.right().close();
            assertThat(pair.left().read(ByteBuffer.allocate(0))).isZero();
        }
    }

    @Test
    default void a_read_only_buffer_is_refused_before_anything_is_read() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("x"));

            assertThatThrownBy(() -> pair.right().read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Bytes.read(pair.right(), 1)).isEqualTo(new byte[] {'x'});
        }
    }

    @Test
    default void the_peers_close_is_the_end_of_the_stream_after_what_it_wrote() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("last words"));
            pair.left().close();

            assertThat(Bytes.readToEnd(pair.right())).isEqualTo("last words".getBytes(UTF_8));
            assertThat(pair.right().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    default void the_peers_close_wakes_a_reader() throws Exception {
        try (var pair = open()) {
            var reader = Waiting.on(pair.right(), threads(), () -> pair.right().read(ByteBuffer.allocate(1)));

            pair.left().close();

            assertThat(reader.get()).isEqualTo(-1);
        }
    }

    @Test
    default void a_write_to_an_end_that_is_gone_fails_at_once_or_a_little_later() throws Exception {
        try (var pair = open()) {
            pair.right().close();

            int accepted = 0;
            SystemCallException failure = null;
            while (failure == null && accepted < 1_000) {
                try {
                    pair.left().write(UTF_8.encode("is anybody there?"));
                    accepted++;
                } catch (SystemCallException e) {
                    failure = e;
                }
            }

            assertThat(failure).isNotNull();
            assertThat(failure.errno()).isIn(Errno.EPIPE, Errno.ECONNRESET);
            if (pair.left().capabilities().contains(Capability.IMMEDIATE_EPIPE)) {
                assertThat(accepted).isZero();
                assertThat(failure.errno()).isEqualTo(Errno.EPIPE);
            } else {
                assertThat(accepted).isPositive();
            }
        }
    }

    @Test
    default void the_peers_close_ends_a_write_that_is_waiting() throws Exception {
        try (var pair = open()) {
            var writer = Waiting.on(pair.left(), threads(), () -> pair.left().write(ByteBuffer.allocate(16 << 20)));

            pair.right().close();

            assertThatThrownBy(writer::get)
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isIn(Errno.EPIPE, Errno.ECONNRESET));
        }
    }

    @Test
    default void half_a_close_ends_one_direction_and_leaves_the_other() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("request"));
            assertThat(pair.left().shutdownOutput()).isSameAs(pair.left());
            pair.left().shutdownOutput();

            assertThat(Bytes.readToEnd(pair.right())).isEqualTo("request".getBytes(UTF_8));
            pair.right().write(UTF_8.encode("reply"));
            assertThat(Bytes.read(pair.left(), 5)).isEqualTo("reply".getBytes(UTF_8));
            assertThatThrownBy(() -> pair.left().write(UTF_8.encode("more")))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThat(pair.left().isOpen()).isTrue();
        }
    }

    @Test
    default void the_end_of_input_is_the_end_of_the_stream_even_before_the_peer_closes() throws Exception {
        try (var pair = open()) {
            pair.left().shutdownInput();
            pair.left().shutdownInput();

            assertThat(pair.left().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            pair.left().write(UTF_8.encode("still"));
            assertThat(Bytes.read(pair.right(), 5)).isEqualTo("still".getBytes(UTF_8));
        }
    }

    @Test
    default void a_closed_end_refuses_every_call() throws Exception {
        try (var pair = open()) {
            StreamSocket end = pair.left();
            end.close();
            end.close();

            assertThat(end.isOpen()).isFalse();
            assertThatThrownBy(() -> end.read(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> end.read(ByteBuffer.allocate(0)))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> end.write(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> end.write(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)}))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(end::shutdownInput).isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(end::shutdownOutput).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }
}
