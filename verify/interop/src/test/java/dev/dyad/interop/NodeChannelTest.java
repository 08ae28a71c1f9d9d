package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Java child of a Node parent, on Node's own channel.
@Timeout(120)
class NodeChannelTest {

    private static final String PARENT = """
            import { spawn } from 'node:child_process';
            import { writeSync } from 'node:fs';

            const child = spawn(process.argv[2], process.argv.slice(3), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
            child.on('message', (message) => writeSync(3, JSON.stringify(message) + '\\n'));
            child.on('exit', (code) => process.exit(code));
            child.send({ hello: '我' });
            """;

    private static final String CHILD = """
            import static java.nio.charset.StandardCharsets.UTF_8;

            import dev.dyad.process.Inherited;
            import java.io.BufferedReader;
            import java.io.InputStreamReader;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    try (var parent = Inherited.socket()) {
                        var lines = new BufferedReader(new InputStreamReader(parent.inputStream(), UTF_8));
                        parent.write(UTF_8.encode("{\\"heard\\":" + lines.readLine() + "}\\n"));
                    }
                }
            }
            """;

    @Test
    void a_java_child_of_node_talks_on_the_channel_that_node_made(@TempDir Path folder) throws Exception {
        Interpreters.require("node");
        Path parent = Files.writeString(folder.resolve("parent.mjs"), PARENT);
        Path child = Files.writeString(folder.resolve("Main.java"), CHILD);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        try (Child node = Command.of(
                        "node",
                        parent.toString(),
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "--class-path",
                        PhpRuns.classPath(),
                        child.toString())
                .spawn()) {
            ByteBuffer heard = ByteBuffer.allocate(100);
            while (node.socket().read(heard) >= 0) {
                assertThat(heard.hasRemaining()).isTrue();
            }

            assertThat(UTF_8.decode(heard.flip()).toString()).isEqualTo("{\"heard\":{\"hello\":\"我\"}}\n");
            assertThat(node.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }
}
