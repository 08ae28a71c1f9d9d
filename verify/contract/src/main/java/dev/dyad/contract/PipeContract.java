package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Errno;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.PipeEnd;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the ends of a pipe do, whatever kind of thread uses them.
@Timeout(60)
public interface PipeContract {

    int MUCH = 1 << 20;

    ThreadFactory threads();

    @Test
    default void what_is_written_to_the_sink_is_read_from_the_source() throws Exception {
        try (var pipe = Pipe.open()) {
            assertThat(pipe.sink().write(UTF_8.encode("along"))).isEqualTo(5);

            assertThat(pipe.source().unread()).isEqualTo(5);
            assertThat(pipe.source().inputStream().readNBytes(5))
                    .asString(UTF_8)
                    .isEqualTo("along");
            assertThat(pipe.source().tryRead(ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    default void each_end_goes_one_way() throws Exception {
        try (var pipe = Pipe.open()) {
            assertThat(pipe.sink().isSink()).isTrue();
            assertThat(pipe.source().isSink()).isFalse();
            assertThatThrownBy(() -> pipe.sink().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> pipe.sink().inputStream()).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> pipe.source().write(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> pipe.source().outputStream()).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> pipe.source().localAddress()).isInstanceOf(UnsupportedOperationException.class);
            assertThat(pipe.source().supportedOptions()).isEmpty();
            assertThatThrownBy(() -> pipe.source().getOption(StandardSocketOptions.SO_SNDBUF))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    default void a_read_waits_for_data() throws Exception {
        try (var pipe = Pipe.open()) {
            var target = ByteBuffer.allocateDirect(8);
            var reader =
                    Waiting.on(pipe.source(), threads(), () -> pipe.source().read(target));

            pipe.sink().write(UTF_8.encode("now"));

            assertThat(reader.get()).isEqualTo(3);
        }
    }

    @Test
    default void the_end_of_the_sink_is_the_end_of_the_stream() throws Exception {
        try (var pipe = Pipe.open()) {
            var reader =
                    Waiting.on(pipe.source(), threads(), () -> pipe.source().read(ByteBuffer.allocate(8)));

            pipe.sink().close();

            assertThat(reader.get()).isEqualTo(-1);
            assertThat(pipe.source().tryRead(ByteBuffer.allocate(8))).isEqualTo(-1);
        }
    }

    @Test
    default void a_write_that_waits_fails_when_the_source_is_closed() throws Exception {
        try (var pipe = Pipe.open()) {
            var writer = Waiting.on(pipe.sink(), threads(), () -> pipe.sink().write(ByteBuffer.allocate(MUCH)));

            pipe.source().close();

            assertThatThrownBy(writer::get)
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
        }
    }

    @Test
    default void a_deadline_ends_a_wait_and_loses_nothing() throws Exception {
        try (var pipe = Pipe.open()) {
            var much = ByteBuffer.allocate(MUCH);
            assertThatThrownBy(() -> pipe.source().read(ByteBuffer.allocate(1), soon()))
                    .isInstanceOf(SocketTimeoutException.class);

            assertThatThrownBy(() -> pipe.sink().write(much, soon())).isInstanceOf(SocketTimeoutException.class);

            assertThat(pipe.source().unread()).isEqualTo(much.position()).isPositive();
        }
    }

    @Test
    default void a_close_ends_a_read_that_waits() throws Exception {
        try (var pipe = Pipe.open()) {
            var reader =
                    Waiting.on(pipe.source(), threads(), () -> pipe.source().read(ByteBuffer.allocate(1)));

            pipe.source().close();

            assertThatThrownBy(reader::get).isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> pipe.source().read(ByteBuffer.allocate(1)))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void a_close_ends_a_write_that_waits() throws Exception {
        try (var pipe = Pipe.open()) {
            var writer = Waiting.on(pipe.sink(), threads(), () -> pipe.sink().write(ByteBuffer.allocate(MUCH)));

            pipe.sink().close();

            assertThatThrownBy(writer::get).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    default void only_an_end_that_is_used_here_does_not_block() throws Exception {
        try (var pipe = Pipe.open()) {
            assertThat(pipe.source().tryRead(ByteBuffer.allocate(1))).isZero();

            assertThat(isNonBlocking(pipe.source())).isTrue();
            assertThat(isNonBlocking(pipe.sink())).isFalse();
        }
    }

    @Test
    default void an_interrupt_closes_the_end() throws Exception {
        try (var pipe = Pipe.open()) {
            var reader =
                    Waiting.on(pipe.source(), threads(), () -> pipe.source().read(ByteBuffer.allocate(1)));

            reader.interrupt();

            assertThatThrownBy(reader::get).isInstanceOf(ClosedByInterruptException.class);
            assertThat(pipe.source().isOpen()).isFalse();
            assertThat(pipe.sink().isOpen()).isTrue();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    default void bytes_arrive_in_order_however_they_are_split(long seed) throws Exception {
        var random = new Random(seed);
        var sent = new byte[MUCH + random.nextInt(MUCH)];
        random.nextBytes(sent);
        boolean direct = random.nextBoolean();
        try (var pipe = Pipe.open()) {
            var writer = Waiting.start(threads(), () -> {
                writeInPieces(pipe.sink(), sent, new Random(seed), direct);
                pipe.sink().close();
                return true;
            });

            assertThat(pipe.source().inputStream().readAllBytes()).isEqualTo(sent);
            assertThat(writer.get()).isTrue();
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(20));
    }

    private static boolean isNonBlocking(PipeEnd end) throws IOException {
        try (var fd = end.borrow()) {
            String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.fd()));
            return info.lines().anyMatch(line -> line.matches("flags:\\s+0\\d*[4-7]\\d{3}"));
        }
    }

    private static void writeInPieces(PipeEnd sink, byte[] bytes, Random random, boolean direct) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(200_000), bytes.length - at);
            ByteBuffer piece = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
            assertThat(sink.write(piece.put(bytes, at, length).flip())).isEqualTo(length);
            at += length;
        }
    }
}
