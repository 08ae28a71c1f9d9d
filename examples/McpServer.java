import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.message.json.Cancellation;
import dev.dyad.message.json.JsonRpc;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Lists the tools of an MCP server, and calls one, as an agent does.
///
///     java @examples/options examples/McpServer.java [COMMAND...]
///     where COMMAND is npx -y @modelcontextprotocol/server-everything
public final class McpServer {

    private static final List<String> EVERYTHING = List.of("npx", "-y", "@modelcontextprotocol/server-everything");

    public static void main(String[] arguments) throws Exception {
        Command command = Command.of(arguments.length == 0 ? EVERYTHING : List.of(arguments))
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(20)) // which an error shows
                .parentDeathSignal(Signal.KILL); // a server that is busy does not see that its input has ended
        try (Child server = command.spawn();
                JsonRpc rpc = JsonRpc.over(MessageChannel.to(server, Wire.lines()), Cancellation.MCP)) {
            rpc.onRequest("ping", _ -> Map.of()).onRequest("roots/list", _ -> Map.of("roots", List.of()));
            initialize(rpc);
            for (JsonNode tool : rpc.call("tools/list", Map.of(), soon()).path("tools")) {
                System.out.println("tool " + tool.path("name").asString());
            }
            System.out.println(echo(rpc, "hello"));
        } // the end of its input is what ends it
    }

    private static void initialize(JsonRpc rpc) throws IOException {
        var us = Map.of("name", "dyad-example", "version", "1");
        var params = Map.of("protocolVersion", "2025-06-18", "capabilities", Map.of(), "clientInfo", us);
        JsonNode server = rpc.call("initialize", params, soon()).path("serverInfo");
        rpc.notify("notifications/initialized", null, soon());
        System.out.println("connected to " + server.path("name").asString());
    }

    private static String echo(JsonRpc rpc, String text) throws IOException {
        var params = Map.of("name", "echo", "arguments", Map.of("message", text));
        JsonNode result = rpc.call("tools/call", params, soon());
        return result.path("content").path(0).path("text").asString();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }
}
