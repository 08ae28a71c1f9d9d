package dev.dyad.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.StreamSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Speaks with a Node script as `process.send` and `process.on('message')` do, sockets included: with an
/// unmodified script that is our child, or as the child of one, which has called `fork` or `spawn`.
///
/// A message is one JSON value. A handle goes with a message to the other side, which then has a socket
/// of its own and answers that the handle has come; what is sent meanwhile waits. Node's other
/// serialization, `advanced`, is not spoken.
///
/// Any number of threads may send and receive at the same time, platform threads and virtual ones. The
/// channel ends by one event, as a [MessageChannel].
///
/// {@snippet file="dev/dyad/message/examples/NodeExamplesTest.java" region="channel"}
///
/// @see <a
///     href="https://nodejs.org/api/process.html#processsendmessage-sendhandle-options-callback">process.send,
///     Node</a>
public final class NodeChannel implements Closeable {

    private static final int DESCRIPTORS = 2; // one more than Node sends, so that a second one is noticed

    private final MessageChannel channel;
    private final NodeExchange exchange;

    private NodeChannel(MessageChannel channel) {
        this.channel = channel;
        exchange = new NodeExchange(channel);
    }

    /// Returns the channel to a script that was started with `NODE_CHANNEL_FD` in its environment, which
    /// names its socket: 3.
    ///
    /// The child has still to be closed by its owner, before or after the channel.
    ///
    /// @param child the child, whose socket belongs to the channel from now on
    /// @return the channel
    /// @throws IllegalStateException if it has no socket
    public static NodeChannel to(Child child) {
        var node = new NodeChannel(MessageChannel.to(child, Wire.lines(), DESCRIPTORS));
        var _ = child.onExit().thenRun(node.exchange::peerIsGone);
        return node;
    }

    /// Returns the channel to the script that has started this program, by `spawn` with `'ipc'` among its
    /// `stdio`, or by `fork` with `execPath`.
    ///
    /// @return the channel, which owns the inherited socket
    /// @throws IllegalStateException if no script has, or its `serialization` is `'advanced'`
    /// @throws IOException if the socket cannot be used
    public static NodeChannel inherited() throws IOException {
        if (System.getenv("NODE_CHANNEL_FD") == null) {
            throw new IllegalStateException("there is no channel of Node's: NODE_CHANNEL_FD is not set");
        }
        String mode = System.getenv("NODE_CHANNEL_SERIALIZATION_MODE");
        if (mode != null && !mode.equals("json")) {
            throw new IllegalStateException("Node's serialization is '" + mode + "', and only 'json' is spoken");
        }
        return over(Inherited.socket());
    }

    /// Returns a channel over a stream whose other end Node has.
    ///
    /// @param end the stream, which belongs to the channel from now on
    /// @return the channel
    public static NodeChannel over(StreamSocket end) {
        return new NodeChannel(MessageChannel.over(end, Wire.lines(), DESCRIPTORS));
    }

    /// Sets the longest message that is taken.
    ///
    /// @param bytes the limit, as [MessageChannel#limit]
    /// @return this
    public NodeChannel limit(long bytes) {
        channel.limit(bytes);
        return this;
    }

    /// Sends a message, waiting as long as it has to.
    ///
    /// @param json one JSON value, without a line feed
    /// @throws IOException as [#send(String, Deadline)]
    public void send(String json) throws IOException {
        send(json, Deadline.never());
    }

    /// Sends a message, waiting until `deadline`.
    ///
    /// @param json one JSON value, without a line feed
    /// @param deadline until when to wait, for room and for the answer to a handle that was sent before
    /// @throws IllegalArgumentException if it is no JSON, which would end the script; if it has a line
    ///     feed; or if its `cmd` begins with `NODE_`, which Node keeps for itself
    /// @throws java.net.SocketTimeoutException as [MessageChannel#send(ByteBuffer, Deadline)]
    /// @throws java.io.InterruptedIOException likewise
    /// @throws ChannelClosedException if the channel has ended, before or meanwhile
    public void send(String json, Deadline deadline) throws IOException {
        send(encoded(json), deadline);
    }

    /// Sends a message that is in UTF-8, waiting until `deadline`.
    ///
    /// @param json one JSON value, from the position to the limit
    /// @param deadline until when to wait
    /// @throws IOException as [#send(String, Deadline)]
    public void send(ByteBuffer json, Deadline deadline) throws IOException {
        requireMessage(json);
        exchange.send(json, deadline);
    }

    /// Sends a message with a handle, and returns when the other side has it. The descriptor remains the
    /// caller's; its open file never blocks from then on (`O_NONBLOCK`), as Node needs it.
    ///
    /// Meanwhile this thread reads, if no other does. It keeps messages for threads that receive, up to 1
    /// MiB of them: if a script sends more before its answer, another thread has to receive.
    ///
    /// @param json one JSON value, without a line feed
    /// @param kind what the script is to have: a socket, a server, or a native handle
    /// @param handle an end, a listener or a descriptor of either
    /// @param deadline until when to wait, for the answer, too
    /// @throws NodeHandleRefusedException if the other side has answered four times that no handle came
    /// @throws java.net.SocketTimeoutException if the deadline has passed. Unless its `bytesTransferred` is
    ///     zero, the handle was sent, and may arrive
    /// @throws java.io.InterruptedIOException if this thread is interrupted meanwhile, likewise
    /// @throws IllegalArgumentException as [#send(String, Deadline)], or if it is of a kind that is only
    ///     received, is no stream socket, or is to be a server and does not listen
    /// @throws IOException as [#send(String, Deadline)]
    public void send(String json, NodeHandle kind, DescriptorSource handle, Deadline deadline) throws IOException {
        if (!kind.isSent()) {
            throw new IllegalArgumentException("a " + kind.nodeName() + " is only received");
        }
        ByteBuffer message = encoded(json);
        requireMessage(message);
        byte[] head = ("{\"cmd\":\"NODE_HANDLE\",\"type\":\"" + kind.nodeName() + "\",\"msg\":").getBytes(UTF_8);
        ByteBuffer line = ByteBuffer.allocate(head.length + message.remaining() + 1);
        line.put(head).put(message).put((byte) '}').flip();
        exchange.send(line, new NodeHandleSource(handle, kind == NodeHandle.SERVER), deadline);
    }

    private static ByteBuffer encoded(String json) {
        try {
            return UTF_8.newEncoder().encode(CharBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("no text: a half of a character that needs two", e);
        }
    }

    private static void requireMessage(ByteBuffer json) {
        String internal;
        try {
            internal = NodeJson.of(json).internalCommand();
        } catch (WireException e) {
            throw new IllegalArgumentException("Node would end at this message: " + e.getMessage(), e);
        }
        if (internal != null) {
            throw new IllegalArgumentException(
                    "Node keeps messages for itself whose cmd begins with NODE_: " + internal);
        }
        for (int i = json.position(); i < json.limit(); i++) {
            if (json.get(i) == '\n') {
                throw new IllegalArgumentException(
                        "a line feed at " + (i - json.position()) + " ends a message of Node's");
            }
        }
    }

    /// Receives a message, waiting as long as it has to.
    ///
    /// @return the message, or `null` at the orderly end
    /// @throws IOException as [#receive(Deadline)]
    public @Nullable NodeMessage receive() throws IOException {
        return receive(Deadline.never());
    }

    /// Receives a message, waiting until `deadline`. A handle is answered when it is read.
    ///
    /// Messages of Node's own, whose `cmd` begins with `NODE_`, are not returned.
    ///
    /// @param deadline until when to wait
    /// @return the message, or `null` at the orderly end: the script has called `disconnect`, or has exited
    ///     with 0
    /// @throws IOException as [MessageChannel#receive(Deadline)]
    public @Nullable NodeMessage receive(Deadline deadline) throws IOException {
        return exchange.receive(deadline);
    }

    /// Receives a message that has come whole.
    ///
    /// @return the message; or `null` where there is none yet, where another thread receives, and at the
    ///     orderly end
    /// @throws IOException as [MessageChannel#tryReceive]
    public @Nullable NodeMessage tryReceive() throws IOException {
        return exchange.receive(null);
    }

    /// Ends sending: the script is told `'disconnect'` after the last message, and its end is closed then.
    /// Does nothing the second time.
    ///
    /// @return this
    /// @throws IOException as [MessageChannel#shutdownOutput]
    public NodeChannel disconnect() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /// Returns how the channel ended, once it has.
    ///
    /// @return the event, which never changes
    public Optional<Closed> closed() {
        return channel.closed();
    }

    /// Returns a future of the event by which it ends, as [MessageChannel#onClosed].
    ///
    /// @return a future that no one else completes
    public CompletableFuture<Closed> onClosed() {
        return channel.onClosed();
    }

    /// Closes the channel, its end, and the handles of messages that were not received.
    ///
    /// Every call under way and to come ends with [ChannelClosedException].
    ///
    /// @throws IOException if the end cannot be closed
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            exchange.close();
        }
    }

    @Override
    public String toString() {
        return "NodeChannel[" + channel + "]";
    }
}
