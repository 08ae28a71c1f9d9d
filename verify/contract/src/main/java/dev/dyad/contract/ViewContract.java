package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.Capability;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an end does as an [InputStream], an [OutputStream] and a [Socket].
@Timeout(60)
public interface ViewContract {

    /// Opens the pair that is looked at.
    SocketPair<StreamSocket> open() throws IOException;

    /// The kind of thread that calls it.
    ThreadFactory threads();

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#few")
    default void what_is_written_to_one_stream_is_read_from_the_other(long seed) throws Exception {
        byte[] sent = Bytes.random(new Random(seed), 1 << 20);
        try (var pair = open()) {
            var writer = Waiting.start(threads(), () -> {
                try (OutputStream out = pair.left().outputStream()) {
                    out.write(sent[0]);
                    out.write(sent, 1, sent.length - 1);
                    out.flush();
                }
                return sent.length;
            });
            var reader =
                    Waiting.start(threads(), () -> pair.right().inputStream().readAllBytes());

            assertThat(reader.get()).isEqualTo(sent);
            assertThat(writer.get()).isEqualTo(sent.length);
            assertThat(pair.left().isOpen()).isFalse();
        }
    }

    @Test
    default void a_byte_is_read_as_a_number_from_0_to_255_and_the_end_as_minus_one() throws Exception {
        try (var pair = open()) {
            InputStream in = pair.right().inputStream();
            pair.left().write(ByteBuffer.wrap(new byte[] {0, 127, -128, -1}));
            pair.left().close();

            assertThat(new int[] {in.read(), in.read(), in.read(), in.read(), in.read(), in.read()})
                    .containsExactly(0, 127, 128, 255, -1, -1);
            assertThat(in.read(new byte[4])).isEqualTo(-1);
            assertThat(in.read(new byte[0])).isZero();
        }
    }

    @Test
    default void a_read_leaves_what_is_behind_the_bytes_that_came_as_it_was() throws Exception {
        try (var pair = open()) {
            byte[] room = "################".getBytes(UTF_8);
            pair.left().write(UTF_8.encode("five!"));

            assertThat(pair.right().inputStream().read(room, 2, 12)).isEqualTo(5);
            assertThat(new String(room, UTF_8)).isEqualTo("##five!#########");
            assertThatThrownBy(() -> pair.right().inputStream().read(room, 10, 7))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> pair.right().outputStream().write(room, 10, 7))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    default void what_is_there_is_told_where_there_is_a_descriptor() throws Exception {
        try (var pair = open()) {
            InputStream in = pair.right().inputStream();
            assertThat(in.available()).isZero();
            pair.left().write(UTF_8.encode("hello"));
            boolean told = pair.right().capabilities().contains(Capability.DESCRIPTOR);

            assertThat(in.available()).isEqualTo(told ? 5 : 0);
            assertThat(in.read()).isEqualTo('h');
            assertThat(pair.right().asSocket().getInputStream().available()).isEqualTo(told ? 4 : 0);
            pair.right().shutdownInput();
            assertThat(in.available()).isZero();
            pair.right().close();
            assertThatThrownBy(in::available).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    default void close_ends_a_read_of_the_stream_that_is_waiting() throws Exception {
        try (var pair = open()) {
            InputStream in = pair.right().inputStream();
            var reader = Waiting.on(pair.right(), threads(), in::read);

            in.close();

            assertThatThrownBy(reader::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(pair.right().isOpen()).isFalse();
            assertThat(pair.left().inputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    default void lines_cross_two_sockets() throws Exception {
        try (var pair = open();
                Socket left = pair.left().asSocket();
                Socket right = pair.right().asSocket()) {
            var echo = Waiting.start(threads(), () -> {
                var lines = new BufferedReader(new InputStreamReader(right.getInputStream(), UTF_8));
                for (String line; (line = lines.readLine()) != null; ) {
                    right.getOutputStream().write((line + "!\n").getBytes(UTF_8));
                }
                right.shutdownOutput();
                return true;
            });
            left.getOutputStream().write("one\ntwo\n".getBytes(UTF_8));
            left.shutdownOutput();

            assertThat(new String(left.getInputStream().readAllBytes(), UTF_8)).isEqualTo("one!\ntwo!\n");
            assertThat(echo.get()).isTrue();
        }
    }

    @Test
    default void a_read_of_the_socket_ends_at_its_timeout_and_loses_nothing() throws Exception {
        try (var pair = open();
                Socket socket = pair.right().asSocket()) {
            socket.setSoTimeout(50);
            InputStream in = socket.getInputStream();
            var reader = Waiting.start(threads(), in::read);
            assertThatThrownBy(reader::get)
                    .isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");

            pair.left().write(UTF_8.encode("late"));
            assertThat(in.readNBytes(4)).isEqualTo("late".getBytes(UTF_8));
            assertThat(socket.getSoTimeout()).isEqualTo(50);
            assertThat(socket.isClosed()).isFalse();
        }
    }

    @Test
    default void a_timeout_of_zero_is_none_and_counts_from_the_next_read_on() throws Exception {
        try (var pair = open();
                Socket socket = pair.right().asSocket()) {
            InputStream in = socket.getInputStream();
            socket.setSoTimeout(1);
            socket.setSoTimeout(0);
            var reader = Waiting.on(pair.right(), threads(), in::read);
            socket.setSoTimeout(1);
            pair.left().write(UTF_8.encode("x"));

            assertThat(reader.get()).isEqualTo('x');
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    default void close_ends_a_read_of_the_socket_that_is_waiting() throws Exception {
        try (var pair = open()) {
            Socket socket = pair.right().asSocket();
            InputStream in = socket.getInputStream();
            var reader = Waiting.on(pair.right(), threads(), in::read);

            socket.close();

            assertThatThrownBy(reader::get)
                    .isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Socket closed")
                    .hasCauseExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(in::read).isExactlyInstanceOf(SocketException.class);
            assertThatThrownBy(socket::getInputStream).isExactlyInstanceOf(SocketException.class);
            assertThat(socket.isClosed()).isTrue();
            assertThat(pair.right().isOpen()).isFalse();
        }
    }

    @Test
    default void a_peer_that_is_gone_is_a_socket_exception_for_who_writes() throws Exception {
        try (var pair = open();
                Socket socket = pair.left().asSocket()) {
            pair.right().close();
            OutputStream out = socket.getOutputStream();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) { // over TCP, some are accepted
                            out.write(1);
                        }
                    })
                    .isExactlyInstanceOf(SocketException.class)
                    .hasCauseInstanceOf(SystemCallException.class);
        }
    }

    @Test
    default void the_socket_of_an_end_is_connected_already() throws Exception {
        try (var pair = open();
                Socket socket = pair.left().asSocket()) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.isBound()).isTrue();

            var somewhere = InetSocketAddress.createUnresolved("database", 5432);
            socket.connect(somewhere, 1_000);

            assertThat(socket.getRemoteSocketAddress()).isEqualTo(somewhere);
            assertThat(socket.getPort()).isEqualTo(5432);
            assertThatThrownBy(() -> socket.connect(somewhere)).isInstanceOf(SocketException.class);
            socket.getOutputStream().write('x');
            assertThat(Bytes.read(pair.right(), 1)).isEqualTo(new byte[] {'x'});
        }
    }

    @Test
    default void half_a_close_of_the_socket_is_one_of_the_end() throws Exception {
        try (var pair = open();
                Socket socket = pair.left().asSocket()) {
            InputStream in = socket.getInputStream();
            socket.shutdownInput();
            socket.shutdownOutput();

            assertThat(in.read()).isEqualTo(-1);
            assertThat(socket.isInputShutdown()).isTrue();
            assertThat(socket.isOutputShutdown()).isTrue();
            assertThat(pair.right().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
        }
    }

    /// Returns whether calls are made on virtual threads.
    private boolean onVirtualThreads() {
        return threads().newThread(() -> {}).isVirtual();
    }

    @Test
    default void an_interrupt_of_a_thread_that_reads_from_the_socket_does_what_it_does_to_a_socket_of_the_jdk()
            throws Exception {
        try (var pair = open();
                Socket socket = pair.right().asSocket()) {
            InputStream in = socket.getInputStream();
            var reader = Waiting.on(pair.right(), threads(), () -> read(in));
            reader.interrupt();

            if (onVirtualThreads()) {
                assertThatThrownBy(reader::get)
                        .isExactlyInstanceOf(SocketException.class)
                        .hasMessage("Closed by interrupt");
                assertThat(socket.isClosed()).isTrue();
            } else {
                pair.left().write(UTF_8.encode("x"));
                assertThat(reader.get()).isEqualTo("120, interrupted");
                assertThat(socket.isClosed()).isFalse();
            }
        }
    }

    @Test
    default void an_interrupt_of_a_thread_that_writes_to_the_socket_does_what_it_does_to_a_socket_of_the_jdk()
            throws Exception {
        try (var pair = open();
                Socket socket = pair.left().asSocket()) {
            OutputStream out = socket.getOutputStream();
            var writer = Waiting.on(pair.left(), threads(), () -> {
                out.write(new byte[16 << 20]);
                return Thread.currentThread().isInterrupted();
            });
            writer.interrupt();

            if (onVirtualThreads()) {
                assertThatThrownBy(writer::get)
                        .isExactlyInstanceOf(SocketException.class)
                        .hasMessage("Closed by interrupt");
                assertThat(socket.isClosed()).isTrue();
            } else {
                Bytes.read(pair.right(), 16 << 20);
                assertThat(writer.get()).isTrue();
                assertThat(socket.isClosed()).isFalse();
            }
        }
    }

    @Test
    default void a_thread_that_is_interrupted_already_uses_the_socket_as_long_as_it_need_not_wait() throws Exception {
        try (var pair = open();
                Socket socket = pair.right().asSocket()) {
            pair.left().write(UTF_8.encode("x"));
            var caller = Waiting.start(threads(), () -> {
                Thread.currentThread().interrupt();
                socket.getOutputStream().write('y');
                return read(socket.getInputStream());
            });

            assertThat(caller.get()).isEqualTo("120, interrupted");
            assertThat(Bytes.read(pair.left(), 1)).isEqualTo(new byte[] {'y'});
            assertThat(socket.isClosed()).isFalse();
        }
    }

    @Test
    default void a_timeout_ends_a_read_of_a_thread_that_is_interrupted_already() throws Exception {
        try (var pair = open();
                Socket socket = pair.right().asSocket()) {
            socket.setSoTimeout(20);
            var caller = Waiting.start(threads(), () -> {
                Thread.currentThread().interrupt();
                return read(socket.getInputStream());
            });

            assertThatThrownBy(caller::get)
                    .isExactlyInstanceOf(onVirtualThreads() ? SocketException.class : SocketTimeoutException.class);
            assertThat(socket.isClosed()).isEqualTo(onVirtualThreads());
        }
    }

    /// Reads a byte, and tells whether the thread is interrupted.
    private static String read(InputStream in) throws IOException {
        return in.read() + (Thread.currentThread().isInterrupted() ? ", interrupted" : "");
    }
}
