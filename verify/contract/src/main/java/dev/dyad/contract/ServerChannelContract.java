package dev.dyad.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptor;
import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server channel of the JDK does that a listener was turned into: what every one does that the JDK bound
/// itself.
///
/// The JDK promises nothing of the kind. Where a newer one fails here, look at what `ServerChannels` says it relies
/// on.
@Timeout(60)
public interface ServerChannelContract extends Listening {

    /// A channel, and where its clients find it.
    record Served(ServerSocketChannel channel, SocketAddress address) implements AutoCloseable {

        StreamSocket connect() throws IOException {
            return StreamSocket.open(address);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            AddressKind.forget(address);
        }
    }

    /// Turns a listener into a channel, on the kind of thread that is looked at.
    private Served serve(Listener<StreamSocket> listener) throws Exception {
        SocketAddress address = listener.localAddress();
        return new Served(
                Waiting.start(threads(), listener::toServerSocketChannel).get(), address);
    }

    @Test
    default void the_channel_accepts_who_comes() throws Exception {
        try (var served = serve(listen())) {
            for (int i = 0; i < 2; i++) {
                var accepting = Waiting.inJdk(threads(), served.channel()::accept);
                try (var client = served.connect();
                        var server = accepting.get()) {
                    client.write(UTF_8.encode("question"));
                    assertThat(Bytes.read(server, 8)).isEqualTo("question".getBytes(UTF_8));
                    server.write(UTF_8.encode("answer"));
                    assertThat(Bytes.read(client, 6)).isEqualTo("answer".getBytes(UTF_8));
                    if (!place().isUnix()) {
                        assertThat(server.getLocalAddress()).isEqualTo(served.address());
                        assertThat(server.getRemoteAddress()).isEqualTo(client.localAddress());
                    }
                }
            }
        }
    }

    @Test
    default void the_channel_accepts_who_came_before_it() throws Exception {
        var listener = listen();
        try (var client = StreamSocket.open(listener.localAddress());
                var served = serve(listener);
                var server = Waiting.start(threads(), served.channel()::accept).get()) {
            client.write(UTF_8.encode("early"));
            assertThat(Bytes.read(server, 5)).isEqualTo("early".getBytes(UTF_8));
        }
    }

    @Test
    default void the_channel_is_open_bound_and_blocks() throws Exception {
        try (var served = serve(listen())) {
            ServerSocketChannel channel = served.channel();
            assertThat(channel.isOpen()).isTrue();
            assertThat(channel.isBlocking()).isTrue();
            assertThat(channel.isRegistered()).isFalse();
            assertThat(channel.getLocalAddress()).isNotNull();
            assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(AlreadyBoundException.class);
        }
    }

    @Test
    default void the_listener_is_consumed() throws Exception {
        var listener = listen();
        var accepting = Waiting.on(listener, threads(), listener::accept);
        var second = Waiting.inLine(threads(), listener::accept);
        try (var served = serve(listener)) {
            assertThat(listener.isOpen()).isFalse();
            assertThat(listener.waiters()).isZero();
            assertThatThrownBy(accepting::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(second::get).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(listener::accept).satisfies(ServerChannelContract::saysWhereItWent);
            assertThatThrownBy(listener::tryAccept).satisfies(ServerChannelContract::saysWhereItWent);
            assertThatThrownBy(listener::localAddress).satisfies(ServerChannelContract::saysWhereItWent);
            assertThatThrownBy(listener::toServerSocketChannel).satisfies(ServerChannelContract::saysWhereItWent);
            listener.close();

            try (var client = served.connect();
                    var server = served.channel().accept()) {
                assertThat(client.isOpen()).isTrue();
                assertThat(server.isConnected()).isTrue();
            }
        }
    }

    private static void saysWhereItWent(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(ClosedChannelException.class)
                .hasMessage("handed over by toServerSocketChannel(): "
                        + "go on with the ServerSocketChannel that it returned");
    }

    @Test
    default void the_descriptor_of_the_channel_is_close_on_exec_and_the_only_one() throws Exception {
        var listener = listen();
        String socket;
        try (var fd = listener.borrow()) {
            socket = Descriptors.open().get(fd.fd()).target();
        }
        try (var served = serve(listener)) {
            assertThat(served.channel().isOpen()).isTrue();
            assertThat(Descriptors.open().values())
                    .filteredOn(open -> open.target().equals(socket))
                    .singleElement()
                    .matches(Descriptor::closeOnExec);
        }
    }

    @Test
    default void a_channel_that_does_not_block_answers_at_once() throws Exception {
        try (var served = serve(listen())) {
            served.channel().configureBlocking(false);
            assertThat(served.channel().accept()).isNull();
        }
    }

    @Test
    default void a_selector_serves_many_clients() throws Exception {
        int count = 20;
        try (var served = serve(listen())) {
            var serving = Waiting.start(threads(), () -> echo(served.channel(), count));
            var clients = new ArrayList<StreamSocket>();
            for (int i = 0; i < count; i++) {
                clients.add(served.connect());
            }
            for (int i = count - 1; i >= 0; i--) {
                byte[] mine = {(byte) i};
                clients.get(i).write(ByteBuffer.wrap(mine));
                assertThat(Bytes.read(clients.get(i), 1)).isEqualTo(mine);
            }
            for (StreamSocket client : clients) {
                client.close();
            }
            assertThat(serving.get()).isEqualTo(count);
        }
    }

    /// Sends back what comes, until `count` clients have come and gone.
    private static int echo(ServerSocketChannel server, int count) throws IOException {
        int gone = 0;
        var room = ByteBuffer.allocate(64);
        server.configureBlocking(false);
        try (var selector = Selector.open()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (gone < count) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    gone += key.isAcceptable() ? acceptAll(server, selector) : echoOnce(key, room);
                }
                selector.selectedKeys().clear();
            }
        }
        return gone;
    }

    private static int acceptAll(ServerSocketChannel server, Selector selector) throws IOException {
        for (SocketChannel one = server.accept(); one != null; one = server.accept()) {
            one.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        }
        return 0;
    }

    /// Returns whether that was the end of a client, as a number.
    private static int echoOnce(SelectionKey key, ByteBuffer room) throws IOException {
        var channel = (SocketChannel) key.channel();
        if (channel.read(room.clear()) < 0) {
            channel.close();
            return 1;
        }
        channel.write(room.flip());
        return 0;
    }

    @Test
    default void close_of_the_channel_ends_an_accept_that_is_waiting() throws Exception {
        try (var served = serve(listen())) {
            var accepting = Waiting.inJdk(threads(), served.channel()::accept);

            served.channel().close();

            assertThatThrownBy(accepting::get).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(served::connect).isInstanceOf(SystemCallException.class);
        }
    }

    @Test
    default void interrupt_ends_an_accept_and_closes_the_channel() throws Exception {
        try (var served = serve(listen())) {
            var accepting = Waiting.inJdk(threads(), served.channel()::accept);

            accepting.interrupt();

            assertThatThrownBy(accepting::get).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(served.channel().isOpen()).isFalse();
        }
    }

    @Test
    default void an_accept_under_way_takes_nothing_that_came_after_the_hand_over() throws Exception {
        for (int i = 0; i < 20; i++) {
            var listener = listen();
            var accepting = Waiting.start(threads(), () -> listener.accept(Deadline.never()));
            try (var served = serve(listener);
                    var client = served.connect();
                    var server = served.channel().accept()) {
                client.write(UTF_8.encode("x"));
                assertThat(Bytes.read(server, 1)).isEqualTo(new byte[] {'x'});
                assertThatThrownBy(accepting::get).isInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @Test
    default void what_does_not_listen_yet_becomes_no_server() throws Exception {
        try (var unbound = Listener.openStream(place().domain())) {
            assertThatThrownBy(unbound::toServerSocketChannel).isInstanceOf(NotYetBoundException.class);
            assertThatThrownBy(unbound::asServerSocket).isInstanceOf(NotYetBoundException.class);
            assertThat(unbound.isOpen()).isTrue();
        }
    }
}
