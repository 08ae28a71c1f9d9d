package dev.dyad.socket.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Await;
import dev.dyad.socket.Errno;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import dev.dyad.socket.UnixSocketFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenerExamplesTest {

    @TempDir
    Path folder;

    // @start region="listener"
    static void serve(Path path) throws IOException {
        try (Listener<StreamSocket> listener = Listener.streamReplacingStale(UnixAddress.of(path))) {
            while (true) {
                StreamSocket client = listener.accept(); // until this thread is interrupted
                Thread.startVirtualThread(() -> echo(client)); // which closes the client
            }
        }
    }
    // @end

    private static void echo(StreamSocket client) {
        try (client) {
            long _ = client.inputStream().transferTo(client.outputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void each_connection_is_served_until_the_thread_is_interrupted() throws Exception {
        Path path = folder.resolve("echo");
        UnixAddress address = UnixAddress.of(path);
        FutureTask<Void> serving = new FutureTask<>(() -> {
            serve(path);
            return null;
        });
        Thread thread = Thread.startVirtualThread(serving);
        Await.until(() -> answers(address), Duration.ofMinutes(1));

        assertThat(StreamExamplesTest.ask(address, "hello?")).isEqualTo("hello?");
        thread.interrupt();

        assertThatThrownBy(serving::get).hasCauseInstanceOf(ClosedByInterruptException.class);
    }

    private static boolean answers(UnixAddress address) {
        try {
            return StreamExamplesTest.ask(address, "?").equals("?");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static byte[] throughAName(String name) throws IOException {
        // @start region="unix-address"
        UnixAddress address = UnixAddress.ofAbstract(name); // gone with its listener, unlike a path
        try (Listener<StreamSocket> listener = Listener.stream(address);
                StreamSocket client = StreamSocket.open(address);
                StreamSocket server = listener.accept()) {
            client.write(UTF_8.encode("hello"));
            client.shutdownOutput();
            return server.inputStream().readAllBytes();
        }
        // @end
    }

    @Test
    void an_abstract_name_needs_no_file() throws Exception {
        assertThat(throughAName(folder.toString())).isEqualTo("hello".getBytes(UTF_8));
    }

    // @start region="errno"
    static @Nullable Listener<StreamSocket> listenUnlessSomebodyDoes(Path path) throws IOException {
        try {
            return Listener.streamReplacingStale(UnixAddress.of(path));
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.EADDRINUSE)) {
                return null; // another one of us is running
            }
            throw e;
        }
    }
    // @end

    @Test
    void a_name_that_somebody_has_is_told_by_its_error_number() throws Exception {
        Path path = folder.resolve("single");
        try (var first = listenUnlessSomebodyDoes(path);
                var second = listenUnlessSomebodyDoes(path)) {
            assertThat(first).isNotNull();
            assertThat(second).isNull();
        }
    }

    // @start region="server-socket-channel"
    static ServerSocketChannel register(Path path, Selector selector) throws IOException {
        var listener = Listener.streamReplacingStale(UnixAddress.of(path));
        ServerSocketChannel channel = listener.toServerSocketChannel();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        return channel;
    }
    // @end

    @Test
    void a_selector_of_the_jdk_watches_a_listener() throws Exception {
        try (var selector = Selector.open();
                var channel = register(folder.resolve("channel"), selector)) {
            assertThat(channel.keyFor(selector)).isNotNull();
        }
    }

    // @start region="unix-socket-factory"
    static void ping(Path path) throws IOException {
        SocketFactory factory = new UnixSocketFactory(path);
        try (Socket socket = factory.createSocket("any.host", 80)) { // connects to the path
            socket.getOutputStream().write("ping".getBytes(UTF_8));
        }
    }
    // @end

    // @start region="local-database"
    public static final class LocalDatabase extends UnixSocketFactory {
        public LocalDatabase() {
            super(Path.of("/run/mysqld/mysqld.sock"));
        }
    }
    // @end

    @Test
    void a_factory_leads_to_one_path() throws Exception {
        Path path = folder.resolve("ping");
        try (var listener = Listener.stream(UnixAddress.of(path))) {
            ping(path);
            try (var client = listener.accept()) {
                assertThat(client.inputStream().readAllBytes()).isEqualTo("ping".getBytes(UTF_8));
            }
        }
    }

    @Test
    void a_factory_may_be_made_by_the_name_of_its_class() throws Exception {
        assertThat(LocalDatabase.class.getConstructor().newInstance()).isInstanceOf(SocketFactory.class);
    }
}
