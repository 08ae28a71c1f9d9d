package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.Closed;
import dev.dyad.message.NodeChannel;
import dev.dyad.message.NodeHandle;
import dev.dyad.message.NodeHandleRefusedException;
import dev.dyad.message.NodeMessage;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Limit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Node's channel with Node at the other end: handles in both directions, as its parent and as its child.
@Timeout(120)
class NodeHandlesTest {

    @TempDir
    static Path folder;

    @BeforeAll
    static void there_is_node() {
        Interpreters.require("node");
    }

    private static Deadline patience() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static Child node(String script) throws IOException {
        Path file = Files.createTempFile(folder, "script", ".mjs");
        return node(Files.writeString(file, script));
    }

    private static Child node(Path script) throws IOException {
        return Command.of("node")
                .argument(script)
                .environment("NODE_CHANNEL_FD", "3")
                .stderr(Stdio.lastLines(50))
                .spawn();
    }

    private static Listener<StreamSocket> listener() throws IOException {
        return Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Socket connect(Listener<?> listener) throws IOException {
        var address = (InetSocketAddress) listener.localAddress();
        return new Socket(address.getAddress(), address.getPort());
    }

    private static String ask(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\n").getBytes(UTF_8));
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8)).readLine();
    }

    private static String receive(NodeChannel channel) throws IOException {
        try (NodeMessage message = channel.receive(patience())) {
            return message == null ? "the end" : message.json();
        }
    }

    @Test
    void a_connection_that_java_accepted_is_answered_by_an_unmodified_script() throws Exception {
        try (Child child = node(PhpRuns.ROOT.resolve("children/node_answers.mjs"));
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener = listener()) {
            for (int i = 0; i < 20; i++) {
                try (Socket client = connect(listener)) {
                    try (StreamSocket accepted = listener.accept(patience())) {
                        node.send("{\"id\":" + i + "}", NodeHandle.SOCKET, accepted, patience());
                    }
                    assertThat(ask(client, "hello " + i)).isEqualTo("HELLO " + i);
                }
                assertThat(receive(node)).isEqualTo("{\"id\":" + i + ",\"lines\":1}");
            }
            node.disconnect();
            assertThat(receive(node)).isEqualTo("the end");
            assertThat(child.waitFor(patience())).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void a_script_accepts_on_a_listener_of_ours_and_still_hears_us() throws Exception {
        try (Child child = node("""
                        process.on('message', (message, server) => {
                          if (!server) return process.send(message);
                          server.on('connection', (socket) => socket.end('from node\\n'));
                          process.send('listens');
                        });
                        """);
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener = listener()) {
            node.send("1", NodeHandle.SERVER, listener, patience());
            assertThat(receive(node)).isEqualTo("\"listens\"");
            for (int i = 0; i < 3; i++) {
                try (Socket client = connect(listener)) {
                    assertThat(ask(client, "")).isEqualTo("from node");
                }
                node.send("{\"still\":" + i + "}"); // a listener that blocks would hold its only thread in accept
                assertThat(receive(node)).isEqualTo("{\"still\":" + i + "}");
            }
        }
    }

    @Test
    void a_script_hands_us_its_connections_its_servers_and_its_handles() throws Exception {
        try (Child child = node("""
                        import net from 'node:net';

                        const server = net.createServer((socket) => process.send({ a: 'socket' }, socket));
                        server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }, server));
                        process.once('message', () => process.send('native', server._handle, () => process.send('last')));
                        """);
                NodeChannel node = NodeChannel.to(child)) {
            int port;
            try (NodeMessage message = node.receive(patience());
                    Listener<?> listener = message.takeHandle().toListener()) {
                assertThat(message.kind()).contains(NodeHandle.SERVER);
                port = ((InetSocketAddress) listener.localAddress()).getPort();
                assertThat(message.json()).isEqualTo("{\"port\":" + port + "}");
            }
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                    NodeMessage message = node.receive(patience());
                    StreamSocket accepted = message.takeHandle().toStreamSocket()) {
                assertThat(message.kind()).contains(NodeHandle.SOCKET);
                accepted.write(UTF_8.encode("from java\n"));
                assertThat(ask(client, "hello")).isEqualTo("from java");
            }
            node.send("{}");
            try (NodeMessage message = node.receive(patience())) {
                assertThat(message.kind()).contains(NodeHandle.NATIVE);
                assertThat(message.json()).isEqualTo("\"native\"");
            }
            assertThat(receive(node)).isEqualTo("\"last\"");
        }
    }

    @Test
    void both_hand_over_at_once_and_nothing_is_lost() throws Exception {
        try (Child child = node("""
                        import net from 'node:net';

                        const server = net.createServer((socket) => process.send({ a: 'socket' }, socket));
                        server.listen(0, '127.0.0.1', () => process.send(server.address().port));
                        process.on('message', (message, socket) => socket.end(`${message}\\n`));
                        """);
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener = listener()) {
            int port = Integer.parseInt(receive(node));
            for (int i = 0; i < 30; i++) {
                try (Socket theirs = new Socket(InetAddress.getLoopbackAddress(), port);
                        Socket ours = connect(listener)) {
                    var received = new FutureTask<>(() -> {
                        try (NodeMessage message = node.receive(patience());
                                StreamSocket socket = message.takeHandle().toStreamSocket()) {
                            return socket.write(UTF_8.encode("java\n"));
                        }
                    });
                    Thread.ofVirtual().start(received);
                    try (StreamSocket accepted = listener.accept(patience())) {
                        node.send("" + i, NodeHandle.SOCKET, accepted, patience());
                    }
                    assertThat(ask(ours, "")).isEqualTo("" + i);
                    assertThat(received.get()).isEqualTo(5);
                    assertThat(ask(theirs, "")).isEqualTo("java");
                }
            }
        }
    }

    @Test
    void a_client_that_does_not_read_does_not_stop_the_script() throws Exception {
        try (Child child = node("""
                        process.on('message', (message, socket) => {
                          if (socket) socket.write('x'.repeat(50_000_000));
                          process.send(message);
                        });
                        """);
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener = listener();
                Socket client = connect(listener);
                StreamSocket accepted = listener.accept(patience())) {
            node.send("1", NodeHandle.SOCKET, accepted, patience());
            assertThat(receive(node)).isEqualTo("1");
            node.send("2");
            assertThat(receive(node)).isEqualTo("2");
            assertThat(client.getInputStream().readNBytes(50_000_000)).hasSize(50_000_000);
        }
    }

    @Test
    void a_script_without_a_free_descriptor_refuses_a_handle_until_it_has_one() throws Exception {
        Path script = Files.writeString(folder.resolve("full.mjs"), """
                import fs from 'node:fs';

                const open = [];
                try {
                  for (;;) open.push(fs.openSync('/dev/null'));
                } catch (full) {
                  process.send(full.code);
                }
                process.on('message', (message, socket) => {
                  if (socket) return socket.end('it came\\n');
                  open.forEach(fs.closeSync);
                  process.send('free');
                });
                """);
        try (Child child = Command.of("node")
                        .argument(script)
                        .environment("NODE_CHANNEL_FD", "3")
                        .limit(Limit.NOFILE, 100)
                        .spawn();
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener = listener();
                Socket client = connect(listener);
                StreamSocket accepted = listener.accept(patience())) {
            assertThat(receive(node)).isEqualTo("\"EMFILE\"");
            assertThatExceptionOfType(NodeHandleRefusedException.class)
                    .isThrownBy(() -> node.send("1", NodeHandle.SOCKET, accepted, patience()));
            node.send("2");
            assertThat(receive(node)).isEqualTo("\"free\"");
            node.send("3", NodeHandle.SOCKET, accepted, patience());
            assertThat(ask(client, "")).isEqualTo("it came");
        }
    }

    @Test
    void what_is_no_stream_would_end_node_and_is_not_sent() throws Exception {
        try (Child child = node("process.on('message', (message) => process.send(message));");
                NodeChannel node = NodeChannel.to(child);
                Descriptor memory = Descriptor.memory("no socket")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> node.send("1", NodeHandle.SOCKET, memory, patience()));
            node.send("2");
            assertThat(receive(node)).isEqualTo("2");
        }
    }

    @Test
    void a_node_that_is_killed_ends_every_call_under_way_at_once() throws Exception {
        try (Child child = node("""
                        process.on('message', () => {});
                        console.error('I was here');
                        process.send('ready');
                        """);
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener = listener();
                Socket client = connect(listener);
                StreamSocket accepted = listener.accept(patience())) {
            assertThat(receive(node)).isEqualTo("\"ready\"");
            child.signal(Signal.STOP); // it answers nothing more
            var handed = CompletableFuture.runAsync(
                    () -> quietly(() -> node.send("1", NodeHandle.SOCKET, accepted, Deadline.never())));
            var received = CompletableFuture.runAsync(() -> quietly(() -> receive(node)));
            var behind = CompletableFuture.runAsync(() -> quietly(() -> node.send("2")));
            child.signal(Signal.KILL);

            for (var call : List.of(handed, received, behind)) {
                assertThat(call)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .havingRootCause()
                        .isInstanceOfSatisfying(
                                ChannelClosedException.class,
                                ended -> assertThat(ended.closed())
                                        .isEqualTo(new Closed.ChildEnded(
                                                new Exit.Signaled(9, false), false, List.of("I was here"))));
            }
            assertThat(client.isConnected()).isTrue();
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private static void quietly(Body body) {
        try {
            body.run();
        } catch (Exception e) {
            throw new java.util.concurrent.CompletionException(e);
        }
    }
}
