package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.socket.SocketPair;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sockets as channels, and channels as sockets.
class StreamsTest extends Face {

    @Test
    void a_stream_has_what_was_written_and_then_the_end() throws Exception {
        Socket[] pair = pair();
        ByteChannel stream = export(pair[0]);
        assertThat(socket_write(pair[1], "test message")).isEqualTo(12);
        socket_close(pair[1]);

        try (InputStream in = Channels.newInputStream(stream)) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("test message");
        }
    }

    @Test
    void a_socket_has_one_stream() throws Exception {
        Socket[] pair = pair();
        ByteChannel stream = export(pair[0]);

        assertThat(export(pair[0])).isSameAs(stream);
        assertThat(stream.write(ByteBuffer.wrap(bytes("hello")))).isEqualTo(5);
        assertThat(text(socket_read(pair[1], 10))).isEqualTo("hello");
        assertThat(socket_set_nonblock(pair[0])).isTrue();
        assertThat(stream.read(ByteBuffer.allocate(1))).isZero();
        assertThat(stream.read(ByteBuffer.allocate(0))).isZero();
    }

    @Test
    void a_closed_stream_leaves_the_socket_with_a_bad_descriptor() throws Exception {
        Socket[] pair = pair();
        ByteChannel stream = export(pair[0]);
        stream.close();

        assertThat(stream.isOpen()).isFalse();
        assertThat(text(socket_read(pair[1], 10))).isEmpty();
        assertThat(socket_read(pair[0], 10)).isNull();
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);
        assertThat(socket_set_nonblock(pair[0])).isFalse();
        assertThat(socket_getsockname(pair[0], new Ref<>())).isFalse();
        assertThat(socket_select(new ArrayList<>(List.of(pair[0])), null, null, 0))
                .isEqualTo(-1);
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EBADF);
        assertThat(warnings)
                .containsExactly(
                        "socket_read(): unable to read from socket [9]: Bad file descriptor",
                        "socket_write(): unable to write to socket [9]: Bad file descriptor",
                        "socket_set_nonblock(): unable to set nonblocking mode [9]: Bad file descriptor",
                        "socket_getsockname(): unable to retrieve socket name [9]: Bad file descriptor",
                        "socket_select(): Unable to select [9]: Bad file descriptor");
        assertThatThrownBy(() -> socket_close(pair[0]))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_close(): supplied resource is not a valid stream resource");
        assertThatIsClosed("socket_close", () -> socket_close(pair[0]));
    }

    @Test
    void a_closed_socket_closes_its_stream() {
        Socket[] pair = pair();
        ByteChannel stream = export(pair[0]);
        socket_close(pair[0]);

        assertThat(stream.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.write(ByteBuffer.wrap(bytes("x")))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatIsClosed("socket_export_stream", () -> socket_export_stream(pair[0]));
    }

    @Test
    void a_stream_becomes_another_socket_of_its_descriptor() {
        Socket[] pair = pair();
        ByteChannel stream = export(pair[0]);

        Socket imported = keep(socket_import_stream(stream));

        assertThat(imported).isNotSameAs(pair[0]);
        assertThat(export(imported)).isSameAs(stream);
        assertThat(socket_write(imported, "hello")).isEqualTo(5);
        assertThat(text(socket_read(pair[1], 10))).isEqualTo("hello");
        socket_close(pair[0]);
        assertThat(socket_write(imported, "x")).isEqualTo(-1);
        assertThat(socket_last_error(imported)).isEqualTo(SOCKET_EBADF);
    }

    @Test
    void an_end_of_ours_becomes_a_socket_with_a_copy() throws Exception {
        try (var pair = SocketPair.stream()) {
            Socket imported = keep(socket_import_stream(pair.left()));

            assertThat(socket_write(imported, "hello")).isEqualTo(5);

            ByteBuffer read = ByteBuffer.allocate(5);
            assertThat(pair.right().read(read)).isEqualTo(5);
            pair.left().close();
            assertThat(socket_write(imported, "still")).isEqualTo(5);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker do
    void what_is_no_socket_is_refused(@TempDir Path folder) throws Exception {
        var file = FileChannel.open(Files.createFile(folder.resolve("file")));
        assertThat(socket_import_stream(file)).isNull();
        assertThat(warnings)
                .containsExactly(
                        "socket_import_stream(): Cannot represent a stream of type STDIO as a Socket Descriptor");
        file.close();
        assertThatThrownBy(() -> socket_import_stream(file))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_import_stream(): supplied resource is not a valid stream resource");
        try (var channel = SocketChannel.open()) {
            assertThatThrownBy(() -> socket_import_stream(channel)).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThatThrownBy(() -> socket_import_stream(null))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_import_stream(): Argument #1 ($stream) must be of type resource, null given");
    }

    @Test
    void what_is_there_on_windows_alone_says_so() {
        Socket[] pair = pair();

        assertThatThrownBy(() -> socket_wsaprotocol_info_export(pair[0], 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("socket_wsaprotocol_info_export() exists only on Windows, as in PHP");
        assertThatThrownBy(() -> socket_wsaprotocol_info_import("x")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> socket_wsaprotocol_info_release("x"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static ByteChannel export(Socket socket) {
        return Objects.requireNonNull(socket_export_stream(socket));
    }
}
