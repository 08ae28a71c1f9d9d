package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.TestLength;
import dev.dyad.message.NodeChannel;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which texts are JSON, and which of them Node's own messages: Node is asked, and so are we.
@Timeout(120)
class NodeJsonInteropTest {

    private static final int LINES = TestLength.of(20_000);

    /// What `JSON.parse` and `isInternal` of Node's `child_process` say.
    private static final String SCRIPT = """
            const told = require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1).map((line) => {
              try {
                const cmd = JSON.parse(line)?.cmd;
                return typeof cmd === 'string' && cmd.length > 5 && cmd.startsWith('NODE_') ? 'node' : 'user';
              } catch {
                return 'none';
              }
            });
            process.stdout.write(told.join('\\n'));
            """;

    private static final String[] PARTS = {
        "\"cmd\":",
        "\"\\u0063md\" :",
        "\"msg\":",
        "\"NODE_X\"",
        "\"NODE_\"",
        "\"N\\u004fDE_HANDLE\"",
        "\"\\ud83d\"",
        "\"我\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "1",
        "-0",
        "1.5e3",
        "true",
        "null",
        "\"a\"",
        "\"\\x\"",
        "\t",
        "0",
        "."
    };

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 7)) {
            case 0 -> "\"NODE_X\"";
            case 1 -> "-1.5E+3";
            case 2 -> "null";
            case 3 -> " \"我\\n\" ";
            case 4 -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
            default -> object(random, depth);
        };
    }

    private static String object(Random random, int depth) {
        var text = new StringBuilder("{");
        String[] names = {"\"cmd\"", "\"c\\u006dd\"", "\"msg\"", "\"cmd2\""};
        for (int n = random.nextInt(4); n > 0; n--) {
            text.append(names[random.nextInt(names.length)]).append(" : ").append(value(random, depth + 1));
            text.append(n > 1 ? "," : "");
        }
        return text.append('}').toString();
    }

    private static String line(Random random) {
        var text = new StringBuilder(value(random, 0));
        for (int n = random.nextInt(3); n > 0; n--) { // break it
            int at = random.nextInt(text.length() + 1);
            text.insert(at, PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString();
    }

    private static String told(NodeChannel channel, String line) throws IOException {
        try {
            channel.send(line, Deadline.after(Duration.ofSeconds(60)));
            return "user";
        } catch (IllegalArgumentException refused) {
            return refused.getMessage().startsWith("Node keeps") ? "node" : "none";
        }
    }

    @Test
    void node_and_the_scanner_agree_on_what_is_json_and_what_is_nodes_own() throws Exception {
        Interpreters.require("node");
        var random = new Random(20);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            lines.add(line(random));
        }
        byte[] input = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        List<String> expected =
                Command.of("node", "-e", SCRIPT).output(input).text().lines().toList();

        SocketPair<StreamSocket> pair = SocketPair.stream();
        List<String> told = new ArrayList<>();
        try (StreamSocket end = pair.right();
                NodeChannel channel = NodeChannel.over(pair.left())) {
            Thread drain = Thread.ofVirtual().start(() -> drain(end));
            for (String line : lines) {
                told.add(told(channel, line) + " " + line);
            }
            channel.disconnect();
            drain.join();
        }
        List<String> both = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            both.add(expected.get(i) + " " + lines.get(i));
        }
        assertThat(told).isEqualTo(both);
        assertThat(expected).contains("node", "user", "none");
    }

    private static void drain(StreamSocket end) {
        try {
            end.inputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
