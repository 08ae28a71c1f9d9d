import dev.dyad.message.Closed;
import dev.dyad.message.NodeChannel;
import dev.dyad.message.NodeHandle;
import dev.dyad.message.NodeMessage;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/// Accepts TCP connections, and passes each to an unmodified Node script that answers on it.
///
/// The script ends with this program, also when that is killed: Node then finds the end of its channel. When the script
/// ends, every call on the channel ends at once, and so does this program.
///
///     java @examples/options examples/NodeAnswersExample.java [SCRIPT]     where SCRIPT is children/node_answers.mjs
public final class NodeAnswersExample {

    public static void main(String[] arguments) throws IOException {
        String script = arguments.length > 0 ? arguments[0] : "children/node_answers.mjs";
        try (Child child = Command.of("node", script)
                        .environment("NODE_CHANNEL_FD", "3") // what process.send and process.on('message') look for
                        .stderr(Stdio.lastLines(20))
                        .spawn();
                NodeChannel node = NodeChannel.to(child);
                Listener<StreamSocket> listener =
                        Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            System.out.println("listening on " + listener.localAddress());
            var _ = node.onClosed().thenAccept(how -> stop(listener, how));
            Thread.ofVirtual().start(() -> report(node));
            accept(listener, node);
        }
    }

    private static void accept(Listener<StreamSocket> listener, NodeChannel node) throws IOException {
        for (int id = 1; listener.isOpen(); id++) {
            try (StreamSocket connection = listener.accept()) {
                node.send("{\"id\":" + id + "}", NodeHandle.SOCKET, connection, Deadline.after(Duration.ofSeconds(10)));
            } catch (ClosedChannelException stopped) {
                return;
            }
        }
    }

    private static void report(NodeChannel node) {
        try {
            for (NodeMessage message = node.receive(); message != null; message = node.receive()) {
                System.out.println("node says " + message.json());
                message.close();
            }
        } catch (IOException ended) {
            // onClosed says how
        }
    }

    private static void stop(Listener<StreamSocket> listener, Closed how) {
        System.out.println("stopped: " + how);
        try {
            listener.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
