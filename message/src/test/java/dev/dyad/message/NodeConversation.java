package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.socket.Deadline;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/// A channel of Node's, and a peer that says what a test says.
@NullUnmarked // what is not there fails the test
final class NodeConversation {

    static final String ACK = "{\"cmd\":\"NODE_HANDLE_ACK\"}";
    static final String NACK = "{\"cmd\":\"NODE_HANDLE_NACK\"}";
    static final String FRAME = "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\",\"msg\":1}";

    private NodeConversation() {}

    /// A test with a channel and what Node would have.
    interface Body {
        void run(NodeChannel channel, MessageChannel node) throws Exception;
    }

    static void converse(Body body) throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        try (NodeChannel channel = NodeChannel.over(pair.left());
                MessageChannel node = MessageChannel.over(pair.right(), Wire.lines(), 8)) {
            body.run(channel, node);
        }
    }

    static Descriptor socket() throws IOException {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        pair.left().close();
        try (StreamSocket right = pair.right()) {
            return Descriptor.duplicateOf(right);
        }
    }

    static void say(MessageChannel node, String line) throws IOException {
        node.send(UTF_8.encode(line));
    }

    static void say(MessageChannel node, String line, Descriptor... with) throws IOException {
        node.send(UTF_8.encode(line), List.of(with), Deadline.never());
    }

    /// Returns the next line, and how many descriptors came along.
    static String hear(MessageChannel node) throws IOException {
        try (Message message = node.receive()) {
            List<Descriptor> come = message.takeDescriptors();
            come.forEach(Descriptor::close);
            return UTF_8.decode(message.bytes()) + (come.isEmpty() ? "" : " +" + come.size());
        }
    }

    static String receive(NodeChannel channel) throws IOException {
        try (NodeMessage message = channel.receive()) {
            return message == null ? null : message.json();
        }
    }
}
