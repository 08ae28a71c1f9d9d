package dev.dyad.message.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import tools.jackson.databind.JsonNode;

/// What calls, and its peer as a test plays it: message by message.
///
/// @param rpc what calls
/// @param peer the other end
@NullUnmarked // what is not there fails the test
record Talk(JsonRpc rpc, MessageChannel peer) implements AutoCloseable {

    static Talk open(Cancellation cancellation) throws IOException {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        return new Talk(
                JsonRpc.over(MessageChannel.over(pair.left(), Wire.lines()), cancellation),
                MessageChannel.over(pair.right(), Wire.lines()));
    }

    static Talk open() throws IOException {
        return open(Cancellation.NONE);
    }

    static Deadline patience() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    /// Returns what the peer receives next.
    String heard() throws IOException {
        try (Message message = requireNonNull(peer.receive(patience()))) {
            return UTF_8.decode(message.bytes()).toString();
        }
    }

    /// Has the peer say a line.
    void say(String line) throws IOException {
        peer.send(UTF_8.encode(line), patience());
    }

    /// Calls a method, and returns once the peer has the call.
    CompletableFuture<JsonNode> asked(String method) throws IOException {
        CompletableFuture<JsonNode> result = rpc.submit(method, null, Deadline.never());
        assertThat(heard()).contains("\"method\":\"" + method + "\"");
        return result;
    }

    /// Returns why a call has failed.
    static JsonRpcException failure(CompletableFuture<JsonNode> call) throws Exception {
        try {
            throw new AssertionError("a result: " + call.get());
        } catch (ExecutionException e) {
            return (JsonRpcException) e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        rpc.close();
        peer.close();
    }
}
