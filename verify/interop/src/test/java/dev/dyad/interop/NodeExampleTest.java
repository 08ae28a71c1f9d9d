package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The example that passes its connections to Node.
@Timeout(120)
class NodeExampleTest {

    @BeforeAll
    static void there_is_node() {
        Interpreters.require("node");
    }

    /// Runs a test with the example, what it prints, and a port to connect to.
    private interface Body {
        void run(Child example, BufferedReader output, int port) throws Exception;
    }

    private static void run(Body body) throws Exception {
        try (Child example = MessagePrograms.command(
                                PhpRuns.ROOT.resolve("examples/NodeAnswersExample.java"),
                                PhpRuns.ROOT
                                        .resolve("children/node_answers.mjs")
                                        .toString())
                        .stdout(Stdio.pipe())
                        .withoutSocket()
                        .spawn();
                var output = new BufferedReader(
                        new InputStreamReader(example.stdout().inputStream(), UTF_8))) {
            String first = output.readLine();
            assertThat(first).startsWith("listening on ");
            body.run(example, output, Integer.parseInt(first.substring(first.lastIndexOf(':') + 1)));
        }
    }

    private static String ask(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\n").getBytes(UTF_8));
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8)).readLine();
    }

    private static ProcessHandle node(Child example) {
        return ProcessHandle.of(example.pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void node_answers_what_java_accepted_and_a_killed_node_stops_it_at_once() throws Exception {
        run((example, output, port) -> {
            for (int i = 1; i <= 3; i++) {
                try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    assertThat(ask(client, "hello " + i)).isEqualTo("HELLO " + i);
                }
                assertThat(output.readLine()).isEqualTo("node says {\"id\":" + i + ",\"lines\":1}");
            }
            node(example).destroyForcibly(); // while the example waits for a message and for a connection

            assertThat(output.readLine()).startsWith("stopped: the child has ended: Signaled[signal=9");
            assertThat(output.readLine()).isNull();
            assertThat(example.waitFor(Deadline.after(Duration.ofSeconds(60)))).isEqualTo(new Exit.Exited(0));
        });
    }

    @Test
    void node_ends_with_the_example_even_if_that_is_killed() throws Exception {
        run((example, output, port) -> {
            ProcessHandle node = node(example);
            example.signal(Signal.KILL);
            node.onExit().get(30, TimeUnit.SECONDS);
        });
    }
}
