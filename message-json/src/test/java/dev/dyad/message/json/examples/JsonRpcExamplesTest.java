package dev.dyad.message.json.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.message.json.Cancellation;
import dev.dyad.message.json.JsonRpc;
import dev.dyad.message.json.JsonRpcException;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@NullUnmarked // what is not there fails the test
@Timeout(60)
class JsonRpcExamplesTest {

    private static String upperCase() throws IOException {
        // @start region="call"
        String server = """
                import json, sys
                for line in sys.stdin:
                    asked = json.loads(line)
                    answer = {"jsonrpc": "2.0", "id": asked["id"], "result": asked["params"]["text"].upper()}
                    print(json.dumps(answer), flush=True)
                """;
        Command command = Command.of("python3", "-c", server)
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe());
        try (Child child = command.spawn();
                JsonRpc rpc = JsonRpc.over(MessageChannel.to(child, Wire.lines()))) {
            JsonNode answer = rpc.call("upper", Map.of("text", "hello"), Deadline.after(Duration.ofSeconds(30)));

            return answer.stringValue(); // "HELLO"
        }
        // @end
    }

    @Test
    void a_child_answers() throws Exception {
        assertThat(upperCase()).isEqualTo("HELLO");
    }

    // @start region="handlers"
    static JsonRpc editor(MessageChannel channel, List<String> log) {
        return JsonRpc.over(channel, Cancellation.LSP)
                .onRequest("workspace/configuration", _ -> List.of(Map.of("tabSize", 4)))
                .onNotification(
                        "window/logMessage",
                        params -> log.add(params.path("message").asString()))
                .listen();
    }
    // @end

    // @start region="failed"
    static JsonNode askOrExplain(JsonRpc rpc, String method) throws IOException {
        try {
            return rpc.call(method, null, Deadline.after(Duration.ofSeconds(5)));
        } catch (JsonRpcException failed) {
            throw switch (failed.why()) {
                case ANSWERED_ERROR -> new IOException(method + " says " + failed.code(), failed);
                case CHANNEL_ENDED -> new IOException("gone: " + failed.closed().orElseThrow(), failed);
                default -> failed.mayHaveRun() ? failed : new IOException("ask again", failed);
            };
        }
    }
    // @end

    // @start region="cancellation"
    static JsonRpc toMcpServer(Child server) {
        return JsonRpc.over(MessageChannel.to(server, Wire.lines()), Cancellation.MCP); // what is late is cancelled
    }
    // @end

    @Test
    void an_editor_is_asked_by_its_server() throws Exception {
        SocketPair<StreamSocket> pair = SocketPair.stream();
        var log = new CopyOnWriteArrayList<String>();
        try (JsonRpc editor = editor(MessageChannel.over(pair.left(), Wire.contentLength()), log);
                JsonRpc server = JsonRpc.over(MessageChannel.over(pair.right(), Wire.contentLength()))) {
            server.notify("window/logMessage", Map.of("message", "ready"), Deadline.never());
            assertThat(askOrExplain(server, "workspace/configuration")
                            .path(0)
                            .path("tabSize")
                            .intValue())
                    .isEqualTo(4);
            Await.until(() -> log.equals(List.of("ready")), Duration.ofSeconds(30));

            assertThat(failureOf(server, "other")).isEqualTo("other says -32601");
            editor.channel().close();
            assertThat(failureOf(server, "other")).startsWith("gone: ");
        }
    }

    private static String failureOf(JsonRpc rpc, String method) {
        try {
            return "answered: " + askOrExplain(rpc, method);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Test
    void a_late_answer_is_not_wanted() throws Exception {
        Command command = Command.of("grep", "--line-buffered", "--max-count=1", "cancelled")
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe());
        try (Child child = command.spawn();
                JsonRpc rpc = toMcpServer(child)) {
            rpc.submit("slow", null, Deadline.never()).cancel(true);
            assertThat(child.waitFor().toString()).isEqualTo("Exited[code=0]");
        }
    }
}
