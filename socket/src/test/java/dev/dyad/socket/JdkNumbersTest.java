package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.JavaProbe;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Descriptors of the JDK's own files and channels: with the options that show their numbers, and without.
@Timeout(60)
class JdkNumbersTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("file"), "0123456789");
    }

    @Test
    void without_the_options_a_channel_is_refused_and_they_are_named() throws Exception {
        try (var channel = FileChannel.open(file)) {
            assertRefused(() -> Descriptor.duplicateOfChannel(channel), "sun.nio.ch", "java.io");
            assertThat(channel.size()).isEqualTo(10);
        }
        try (var channel = SocketChannel.open()) {
            assertRefused(() -> Descriptor.duplicateOfChannel(channel), "sun.nio.ch");
        }
        var pipe = java.nio.channels.Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            assertRefused(() -> Descriptor.duplicateOfChannel(source), "sun.nio.ch");
            assertRefused(() -> Descriptor.duplicateOfChannel(sink), "sun.nio.ch");
        }
        try (var stream = new FileInputStream(file.toFile())) {
            assertRefused(() -> Descriptor.duplicateOfFile(stream.getFD()), "java.io");
        }
    }

    private static void assertRefused(ThrowingCallable call, String... folders) {
        var thrown = assertThatThrownBy(call).isExactlyInstanceOf(UnsupportedOperationException.class);
        Module mine = Descriptor.class.getModule();
        for (String each : folders) {
            thrown.hasMessageContaining(
                    "--add-opens=java.base/" + each + "=" + (mine.isNamed() ? "dev.dyad.socket" : "ALL-UNNAMED"));
        }
    }

    @Test
    void the_standard_streams_need_no_option() throws Exception {
        try (var error = Descriptor.duplicateOfFile(FileDescriptor.err);
                var known = Descriptor.standardError()) {
            assertThat(target(error)).isEqualTo(target(known));
        }
    }

    private static Path target(Descriptor descriptor) throws IOException {
        try (var borrowed = descriptor.borrow()) {
            assertThat(borrowed.fd()).isGreaterThan(2);
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + borrowed.fd()));
        }
    }

    @Test
    void an_end_of_ours_is_a_channel_as_well() throws Exception {
        try (var pair = SocketPair.stream();
                var twin = Descriptor.duplicateOfChannel(pair.left()).toStreamSocket()) {
            twin.write(UTF_8.encode("x"));
            assertThat(pair.right().read(ByteBuffer.allocate(2))).isOne();
        }
    }

    @Test
    void what_is_closed_has_no_number() throws Exception {
        var channel = FileChannel.open(file);
        var stream = new FileInputStream(file.toFile());
        var closed = stream.getFD();
        channel.close();
        stream.close();
        assertThatThrownBy(() -> Descriptor.duplicateOfChannel(channel)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Descriptor.duplicateOfFile(closed)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Descriptor.duplicateOfFile(new FileDescriptor()))
                .isInstanceOf(ClosedChannelException.class);
    }

    /// Another thread may close it between: the number is then another's, or nobody's.
    @Test
    void what_is_closed_meanwhile_has_no_duplicate() throws Exception {
        try (var pair = SocketPair.stream();
                var number = pair.left().borrow()) {
            assertThatThrownBy(() -> Descriptor.duplicateWhile(() -> false, number.fd()))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> Descriptor.duplicateWhile(() -> false, Integer.MAX_VALUE))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void a_channel_of_another_kind_is_refused() throws Exception {
        try (var wrapped = Channels.newChannel(new FileInputStream(file.toFile()) {});
                var asynchronous = AsynchronousFileChannel.open(file)) {
            for (Channel each : new Channel[] {wrapped, asynchronous}) {
                assertThatThrownBy(() -> Descriptor.duplicateOfChannel(each))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(each.getClass().getName())
                        .hasMessageContaining("no channel of the JDK that has a descriptor");
            }
        }
    }

    @Test
    void with_the_options_every_kind_has_a_duplicate() throws Exception {
        var probe = JavaProbe.of(Opened.class, folder.toString())
                .options("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED")
                .run();
        assertThat(probe.exit()).as(probe.toString()).isZero();
    }

    @Test
    void files_need_one_of_the_options() throws Exception {
        var probe = JavaProbe.of(OpenedFile.class, file.toString())
                .options("--add-opens=java.base/java.io=ALL-UNNAMED")
                .run();
        assertThat(probe.exit()).as(probe.toString()).isZero();
    }

    static final class OpenedFile {
        private OpenedFile() {}

        public static void main(String[] arguments) throws Exception {
            file(Path.of(arguments[0]));
        }

        static void file(Path path) throws Exception {
            try (var random = new RandomAccessFile(path.toFile(), "rw");
                    var twin = Descriptor.duplicateOfFile(random.getFD()).toFileChannel()) {
                random.seek(3);
                assertThat(twin.position()).isEqualTo(3);
            }
            try (var in = new FileInputStream(path.toFile());
                    var twin = Descriptor.duplicateOfFile(in.getFD()).toFileChannel()) {
                assertThat(in.read()).isEqualTo('0');
                assertThat(twin.position()).isEqualTo(1);
            }
            try (var out = new FileOutputStream(path.toFile(), true);
                    var twin = Descriptor.duplicateOfFile(out.getFD()).toFileChannel()) {
                int _ = twin.write(UTF_8.encode("more"));
                assertThat(Files.size(path)).isEqualTo(14);
            }
        }
    }

    static final class Opened {
        private Opened() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            OpenedFile.file(folder.resolve("file"));
            channelOfFile(folder.resolve("file"));
            pipe();
            sockets(ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(folder.resolve("socket"))));
            sockets(ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            datagrams();
        }

        @SuppressWarnings("try") // the close is what is tested
        private static void channelOfFile(Path path) throws Exception {
            try (var channel = FileChannel.open(path, StandardOpenOption.READ);
                    var twin = Descriptor.duplicateOfChannel(channel).toFileChannel()) {
                channel.position(5);
                assertThat(twin.position()).isEqualTo(5);
                channel.close();
                assertThat(twin.isOpen()).isTrue();
                assertThat(twin.read(ByteBuffer.allocate(1))).isOne();
            }
        }

        private static void pipe() throws Exception {
            var pipe = java.nio.channels.Pipe.open();
            try (var source = pipe.source();
                    var sink = pipe.sink();
                    var otherSource = Descriptor.duplicateOfChannel(source).toPipeEnd();
                    var otherSink = Descriptor.duplicateOfChannel(sink).toPipeEnd()) {
                assertMoves(sink, otherSource);
                assertMoves(otherSink, source);
            }
        }

        private static void sockets(ServerSocketChannel channel) throws Exception {
            try (channel;
                    var listener =
                            (Listener<?>) Descriptor.duplicateOfChannel(channel).toListener();
                    var client = SocketChannel.open(channel.getLocalAddress());
                    var server = (StreamSocket) listener.accept();
                    var twin = Descriptor.duplicateOfChannel(client).toStreamSocket()) {
                assertMoves(twin, server);
                assertMoves(server, client);
            }
        }

        private static void datagrams() throws Exception {
            var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (var one = DatagramChannel.open().bind(anywhere);
                    var other = DatagramChannel.open().connect(one.getLocalAddress());
                    var twin = Descriptor.duplicateOfChannel(one).toMessageSocket()) {
                int _ = other.write(UTF_8.encode("x"));
                assertThat(twin.receive(ByteBuffer.allocate(2)).length()).isOne();
            }
        }

        private static void assertMoves(WritableByteChannel from, ReadableByteChannel to) throws IOException {
            int _ = from.write(UTF_8.encode("x"));
            assertThat(to.read(ByteBuffer.allocate(2))).isOne();
        }
    }
}
