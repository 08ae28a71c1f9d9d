package dev.dyad.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.harness.Chromium;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chromium without a window, which is told what to do over descriptors 3 and 4, by the protocol of its
/// developers' tools: JSON that ends with a zero byte.
final class Browser implements Closeable {

    private static final Set<String> COMPLAINTS =
            Set.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded");

    private final Child child;
    private final ByteBuffer input = ByteBuffer.allocate(1 << 16).flip();
    private final List<String> complaints = new ArrayList<>();
    private String session = "";
    private int calls;
    private String loaded = "";

    private Browser(Child child) {
        this.child = child;
    }

    /// Starts one with an empty page.
    static Browser start(Path profile) throws IOException {
        var browser = new Browser(command(profile).spawn());
        try {
            browser.openPage();
            return browser;
        } catch (IOException e) {
            browser.close();
            throw e;
        }
    }

    private static Command command(Path profile) {
        return Command.of(Chromium.command(profile, "--hide-scrollbars", "--remote-debugging-pipe"))
                .with(4, Stdio.sameAs(3))
                .stdin(Stdio.ignore())
                .stdout(Stdio.ignore())
                .stderr(Stdio.lastLines(20))
                .processGroup()
                .endGroupWithChild();
    }

    private void openPage() throws IOException {
        String page = call("Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        session = call("Target.attachToTarget", Map.of("targetId", page, "flatten", true))
                .get("sessionId")
                .asString();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            tell(domain + ".enable", Map.of());
        }
        tell("Page.setLifecycleEventsEnabled", Map.of("enabled", true));
    }

    /// Opens a page, and waits until everything that it shows is there.
    void open(Path page) throws IOException {
        String loader = tell("Page.navigate", Map.of("url", page.toUri().toString()))
                .get("loaderId")
                .asString();
        while (!loaded.equals(loader)) {
            hear();
        }
    }

    void width(int pixels) throws IOException {
        tell(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    }

    /// @param scheme light or dark
    void colours(String scheme) throws IOException {
        tell(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /// Returns the value of an expression in the page.
    JsonNode value(String expression) throws IOException {
        JsonNode answer = tell("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(answer.get("exceptionDetails").toString());
        }
        return answer.get("result").get("value");
    }

    /// Returns a picture of the page, from its top on, as PNG in base 64.
    String picture(int height) throws IOException {
        int width = value("innerWidth").asInt();
        var clip = Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1);
        return tell("Page.captureScreenshot", Map.of("clip", clip, "captureBeyondViewport", true))
                .get("data")
                .asString();
    }

    /// Returns what pages wrote to the console, or what went wrong in them.
    List<String> complaints() {
        return complaints;
    }

    /// Says something to the page.
    private JsonNode tell(String method, Map<String, ?> parameters) throws IOException {
        return answer(Map.of("id", ++calls, "sessionId", session, "method", method, "params", parameters));
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws IOException {
        return answer(Map.of("id", ++calls, "method", method, "params", parameters));
    }

    private JsonNode answer(Map<String, ?> request) throws IOException {
        ByteBuffer bytes = UTF_8.encode(JsonMapper.shared().writeValueAsString(request) + "\0");
        while (bytes.hasRemaining()) {
            child.socket().write(bytes);
        }
        while (true) {
            JsonNode heard = hear();
            if (heard.path("id").asInt(-1) == calls) {
                if (heard.has("error")) {
                    throw new IOException(request + ": " + heard.get("error"));
                }
                return heard.get("result");
            }
        }
    }

    private JsonNode hear() throws IOException {
        JsonNode heard = JsonMapper.shared().readTree(message());
        String method = heard.path("method").asString("");
        if (COMPLAINTS.contains(method)) {
            complaints.add(heard.get("params").toString());
        } else if (method.equals("Page.lifecycleEvent")
                && heard.get("params").get("name").asString().equals("load")) {
            loaded = heard.get("params").get("loaderId").asString();
        }
        return heard;
    }

    private byte[] message() throws IOException {
        var message = new ByteArrayOutputStream();
        while (true) {
            while (input.hasRemaining()) {
                byte next = input.get();
                if (next == 0) {
                    return message.toByteArray();
                }
                message.write(next);
            }
            if (child.socket().read(input.clear(), Deadline.after(Duration.ofSeconds(60))) < 0) {
                throw new EOFException(String.join("\n", child.lastLines(2)));
            }
            input.flip();
        }
    }

    @Override
    public void close() throws IOException {
        child.close();
    }
}
