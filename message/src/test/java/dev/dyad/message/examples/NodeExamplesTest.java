package dev.dyad.message.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.NodeChannel;
import dev.dyad.message.NodeHandle;
import dev.dyad.message.NodeHandleRefusedException;
import dev.dyad.message.NodeMessage;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullUnmarked // what is not there fails the test
@Timeout(60)
class NodeExamplesTest {

    /// Answers as a script does that gets one message.
    private static final String SCRIPT = "read line <&3; echo '{\"id\":1,\"text\":\"HELLO\"}' >&3";

    // @start region="channel"
    static String ask(Command script) throws IOException { // Command.of("node", "worker.js")
        try (Child child = script.environment("NODE_CHANNEL_FD", "3").spawn();
                NodeChannel node = NodeChannel.to(child)) {
            node.send("""
                    {"id": 1, "text": "hello"}""");
            try (NodeMessage answer = node.receive(Deadline.after(Duration.ofSeconds(10)))) {
                return answer == null ? "it has gone" : answer.json(); // {"id":1,"text":"HELLO"}
            }
        }
    }
    // @end

    @Test
    void a_script_is_asked_in_json() throws Exception {
        assertThat(ask(Command.of("sh", "-c", SCRIPT))).isEqualTo("{\"id\":1,\"text\":\"HELLO\"}");
    }

    // @start region="handle"
    static void passOn(Listener<StreamSocket> listener, NodeChannel node) throws IOException {
        try (StreamSocket connection = listener.accept()) {
            node.send("{}", NodeHandle.SOCKET, connection, Deadline.after(Duration.ofSeconds(10)));
        } // the script has it as well, and it stays open there
    }
    // @end

    // @start region="message"
    static void answer(NodeChannel parent) throws IOException {
        try (NodeMessage message = parent.receive()) {
            if (message != null && message.kind().isPresent()) {
                try (StreamSocket connection = message.takeHandle().toStreamSocket()) {
                    connection.write(UTF_8.encode("hello from Java\n"));
                }
            }
        } // a handle that was not taken is closed
    }
    // @end

    @Test
    void a_connection_is_passed_on() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (NodeChannel left = NodeChannel.over(pair.left());
                NodeChannel right = NodeChannel.over(pair.right());
                Listener<StreamSocket> listener =
                        Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var client = new Socket(
                        InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort())) {
            var answered = new FutureTask<>(() -> {
                answer(right);
                return true;
            });
            Thread.ofVirtual().start(answered);
            passOn(listener, left);
            assertThat(answered.get()).isTrue();
            assertThat(client.getInputStream().readNBytes(16)).asString(UTF_8).isEqualTo("hello from Java\n");
        }
    }

    // @start region="refused"
    static boolean tryPass(NodeChannel node, StreamSocket connection) throws IOException {
        try {
            node.send("{}", NodeHandle.SOCKET, connection, Deadline.after(Duration.ofSeconds(10)));
            return true;
        } catch (NodeHandleRefusedException full) {
            return false; // the connection is still ours: it may go to another script
        }
    }
    // @end

    @Test
    void a_script_that_is_full_refuses_a_connection() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        SocketPair<StreamSocket> connection = SocketPair.stream();
        try (NodeChannel node = NodeChannel.over(pair.left());
                MessageChannel script = MessageChannel.over(pair.right(), Wire.lines());
                StreamSocket one = connection.left();
                StreamSocket other = connection.right()) {
            var refusing = new FutureTask<>(() -> {
                for (int i = 0; i < 4; i++) {
                    try (Message message = script.receive()) {
                        assertThat(message.length()).isPositive();
                    }
                    script.send(UTF_8.encode("{\"cmd\":\"NODE_HANDLE_NACK\"}"));
                }
                return 4;
            });
            Thread.ofVirtual().start(refusing);
            assertThat(tryPass(node, one)).isFalse();
            assertThat(refusing.get()).isEqualTo(4);
            assertThat(other.isOpen()).isTrue();
        }
    }
}
