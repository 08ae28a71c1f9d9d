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

/// Asks a language server what may follow in a line of Python, as an editor does.
///
///     java @examples/options examples/LanguageServer.java [COMMAND...]     where COMMAND is pylsp
public final class LanguageServer {

    private static final Map<String, String> DOCUMENT = Map.of("uri", "file:///greeting.py");
    private static final String TEXT = "'hello'.up";

    public static void main(String[] arguments) throws Exception {
        Command command = Command.of(arguments.length == 0 ? List.of("pylsp") : List.of(arguments))
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(20)) // which an error shows
                .parentDeathSignal(Signal.KILL); // a server that is busy does not see that its input has ended
        try (Child server = command.spawn();
                JsonRpc rpc = open(server)) {
            initialize(rpc);
            for (JsonNode item : complete(rpc)) {
                System.out.println(item.path("label").asString());
            }
            rpc.call("shutdown", null, soon());
            rpc.notify("exit", null, soon());
            System.out.println(server.waitFor());
        }
    }

    private static JsonRpc open(Child server) {
        return JsonRpc.over(MessageChannel.to(server, Wire.contentLength()), Cancellation.LSP)
                .onRequest("client/registerCapability", _ -> null)
                .onNotification("window/logMessage", params -> System.err.println(params.path("message")));
    }

    private static void initialize(JsonRpc rpc) throws IOException {
        Object params = Map.of("processId", ProcessHandle.current().pid(), "capabilities", Map.of());
        String name = rpc.call("initialize", params, soon())
                .path("serverInfo")
                .path("name")
                .asString();
        rpc.notify("initialized", Map.of(), soon());
        System.out.println("connected to " + name);
    }

    private static JsonNode complete(JsonRpc rpc) throws IOException {
        var opened = Map.of("uri", DOCUMENT.get("uri"), "languageId", "python", "version", 1, "text", TEXT);
        rpc.notify("textDocument/didOpen", Map.of("textDocument", opened), soon());

        var end = Map.of("line", 0, "character", TEXT.length());
        JsonNode answer =
                rpc.call("textDocument/completion", Map.of("textDocument", DOCUMENT, "position", end), soon());
        return answer.isArray() ? answer : answer.path("items");
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }
}
