package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Node script that forks Java, and hands over connections to it.
@Timeout(120)
class NodeParentTest {

    private static final String PARENT = """
            import { fork } from 'node:child_process';
            import net from 'node:net';

            const [file, execPath, ...execArgv] = process.argv.slice(2);
            const child = fork(file, { execPath, execArgv });
            const server = net.createServer((socket) => child.send({ id: '我' }, socket));
            const heard = (port, then) => net.connect(port, '127.0.0.1').setEncoding('utf8').on('data', then);

            child.once('message', (port, theirs) => {
              theirs.on('connection', (socket) => socket.end('node answers on a listener of java'));
              heard(port, (text) => {
                console.log(text);
                server.listen(0, '127.0.0.1', () => heard(server.address().port, (text) => {
                  console.log(text);
                  child.on('message', (message) => {
                    console.log(JSON.stringify(message));
                    child.disconnect();
                    server.close();
                    theirs.close();
                  });
                  child.send('bye');
                }));
              });
            });
            child.on('exit', (code, signal) => console.log('exit', code, signal));
            """;

    private static final String CHILD = """
            import static java.nio.charset.StandardCharsets.UTF_8;

            import dev.dyad.message.ChannelClosedException;
            import dev.dyad.message.NodeChannel;
            import dev.dyad.message.NodeHandle;
            import dev.dyad.socket.Deadline;
            import dev.dyad.socket.Listener;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    try (var parent = NodeChannel.inherited()) {
                        try (var listener = Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                            int port = ((InetSocketAddress) listener.localAddress()).getPort();
                            parent.send("" + port, NodeHandle.SERVER, listener, Deadline.never());
                        }
                        try (var message = parent.receive();
                                var connection = message.takeHandle().toStreamSocket()) {
                            connection.write(UTF_8.encode("java answers " + message.json() + " on a connection of node"));
                        }
                        try (var bye = parent.receive()) {
                            parent.send("{\\"heard\\":" + bye.json() + "}");
                        }
                        System.out.println(parent.receive() + ", " + parent.closed().orElseThrow());
                    } catch (ChannelClosedException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void there_is_node() {
        Interpreters.require("node");
    }

    /// Starts Node, which starts Java; what both print is the standard output.
    private Child start(String parent, String child) throws IOException {
        var words = new ArrayList<String>();
        words.add("node");
        words.add(Files.writeString(folder.resolve("parent.mjs"), parent).toString());
        words.add(Files.writeString(folder.resolve("Main.java"), child).toString());
        words.addAll(MessagePrograms.java());
        return Command.of(words).stdout(Stdio.pipe()).withoutSocket().spawn();
    }

    private static BufferedReader output(Child child) {
        return new BufferedReader(new InputStreamReader(child.stdout().inputStream(), UTF_8));
    }

    @Test
    void handles_go_both_ways_between_a_script_and_the_java_program_that_it_forks() throws Exception {
        try (Child node = start(PARENT, CHILD)) {
            assertThat(output(node).lines())
                    .containsExactly(
                            "node answers on a listener of java",
                            "java answers {\"id\":\"我\"} on a connection of node",
                            "{\"heard\":\"bye\"}",
                            "null, the peer has ended it",
                            "exit 0 null");
            assertThat(node.waitFor(Deadline.after(Duration.ofSeconds(60)))).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void a_script_that_is_killed_is_the_end_for_the_java_program() throws Exception {
        String child = CHILD.replace("int port", "System.out.println(\"runs\");\nint port");
        String parent = PARENT.replaceFirst(
                "(?s)child.once.*", "child.on('message', () => {});\nprocess.kill(process.pid, 'SIGSTOP');\n");
        try (Child node = start(parent, child)) {
            BufferedReader output = output(node);
            assertThat(output.readLine()).isEqualTo("runs"); // and hands over a listener to a script that is stopped
            assertThat(node.signal(Signal.KILL)).isTrue();
            assertThat(output.readLine()).startsWith("the channel has ended: broken: ");
            assertThat(output.readLine()).isNull(); // the program has ended, too
        }
    }

    @Test
    void a_channel_that_is_not_there_or_not_spoken_is_refused_by_name() throws Exception {
        Command program = MessagePrograms.command(Files.writeString(folder.resolve("Main.java"), CHILD))
                .stderr(Stdio.lastLines(50));

        assertThat(errorOf(program)).contains("there is no channel of Node's: NODE_CHANNEL_FD is not set");
        assertThat(errorOf(program.environment("NODE_CHANNEL_FD", "3")
                        .environment("NODE_CHANNEL_SERIALIZATION_MODE", "advanced")))
                .contains("Node's serialization is 'advanced', and only 'json' is spoken");
    }

    private static String errorOf(Command program) throws Exception {
        try (Child child = program.spawn()) {
            assertThat(child.waitFor(Deadline.after(Duration.ofSeconds(60)))).isEqualTo(new Exit.Exited(1));
            return String.join("\n", child.lastLines());
        }
    }
}
