package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every connected stream does with several buffers at once.
@Timeout(60)
public interface VectoredContract {

    /// Opens the pair that is looked at.
    SocketPair<StreamSocket> open() throws IOException;

    /// The kind of thread that calls it.
    ThreadFactory threads();

    @Test
    default void a_gathering_write_sends_every_buffer_empty_ones_too() throws Exception {
        try (var pair = open()) {
            ByteBuffer[] sources = {
                ByteBuffer.allocate(0),
                UTF_8.encode("abc"),
                ByteBuffer.allocateDirect(0),
                Bytes.buffer("def".getBytes(UTF_8), true)
            };

            assertThat(pair.left().write(sources)).isEqualTo(6);
            assertThat(Bytes.read(pair.right(), 6)).isEqualTo("abcdef".getBytes(UTF_8));
        }
    }

    @Test
    default void a_gathering_write_of_a_part_leaves_the_rest() throws Exception {
        try (var pair = open()) {
            ByteBuffer[] sources = {UTF_8.encode("no"), UTF_8.encode("one"), UTF_8.encode("two"), UTF_8.encode("no")};

            assertThat(pair.left().write(sources, 1, 2)).isEqualTo(6);
            assertThat(Bytes.read(pair.right(), 6)).isEqualTo("onetwo".getBytes(UTF_8));
            assertThat(sources[0].position()).isZero();
            assertThat(sources[3].position()).isZero();
        }
    }

    @Test
    default void more_buffers_than_one_call_takes_are_all_sent() throws Exception {
        var random = new Random(7);
        var sources = new ByteBuffer[3_000];
        var expected = new ByteArrayOutputStream();
        for (int i = 0; i < sources.length; i++) {
            byte[] part = Bytes.random(random, random.nextInt(300));
            expected.writeBytes(part);
            sources[i] = Bytes.buffer(part, random.nextBoolean());
        }
        try (var pair = open()) {
            var writer = Waiting.start(threads(), () -> pair.left().write(sources));

            assertThat(Bytes.read(pair.right(), expected.size())).isEqualTo(expected.toByteArray());
            assertThat(writer.get()).isEqualTo(expected.size());
        }
    }

    @Test
    default void a_gathering_write_larger_than_the_buffers_arrives_whole() throws Exception {
        byte[] first = Bytes.random(new Random(1), 3_000_017);
        byte[] second = Bytes.random(new Random(2), 2_000_003);
        for (boolean direct : new boolean[] {false, true}) {
            try (var pair = open()) {
                ByteBuffer[] sources = {Bytes.buffer(first, direct), Bytes.buffer(second, !direct)};
                var writer = Waiting.start(threads(), () -> pair.left().write(sources));

                assertThat(Bytes.read(pair.right(), first.length)).isEqualTo(first);
                assertThat(Bytes.read(pair.right(), second.length)).isEqualTo(second);
                assertThat(writer.get()).isEqualTo(first.length + second.length);
            }
        }
    }

    @Test
    default void a_gathering_write_that_runs_out_of_time_says_how_far_it_came() throws Exception {
        byte[] bytes = Bytes.random(new Random(3), 16 << 20);
        try (var pair = open()) {
            ByteBuffer[] sources = {Bytes.buffer(new byte[0], false), Bytes.buffer(bytes, false), UTF_8.encode("rest")};

            assertThatThrownBy(() -> pair.left().write(sources, 0, 3, StreamContract.soon()))
                    .isInstanceOf(SocketTimeoutException.class);
            int accepted = sources[1].position();
            assertThat(accepted).isPositive().isLessThan(bytes.length);
            assertThat(sources[2].position()).isZero();
            assertThat(Bytes.read(pair.right(), accepted)).isEqualTo(Arrays.copyOf(bytes, accepted));
            assertThatThrownBy(() -> pair.right().read(ByteBuffer.allocate(1), StreamContract.soon()))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    default void a_scattering_read_fills_one_buffer_after_the_other() throws Exception {
        try (var pair = open()) {
            pair.left().write(UTF_8.encode("headbody!"));
            ByteBuffer[] targets = {
                ByteBuffer.allocate(4), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(100)
            };

            assertThat(pair.right().read(targets)).isEqualTo(9);
            assertThat(UTF_8.decode(targets[0].flip()).toString()).isEqualTo("head");
            assertThat(UTF_8.decode(targets[2].flip()).toString()).isEqualTo("bod");
            assertThat(UTF_8.decode(targets[3].flip()).toString()).isEqualTo("y!");
        }
    }

    @Test
    default void a_scattering_read_finds_the_end_of_the_stream() throws Exception {
        try (var pair = open()) {
            pair.left().close();

            assertThat(pair.right().read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)}))
                    .isEqualTo(-1);
            assertThat(pair.right().read(new ByteBuffer[0])).isZero();
        }
    }

    @Test
    default void a_part_that_is_not_there_is_refused() throws Exception {
        try (var pair = open()) {
            ByteBuffer[] buffers = {ByteBuffer.allocate(1), null};

            assertThatThrownBy(() -> pair.left().write(buffers, 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> pair.left().read(buffers, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> pair.left().write(buffers)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pair.left().read((ByteBuffer) null)).isInstanceOf(NullPointerException.class);
        }
    }
}
