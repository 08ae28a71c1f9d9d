package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Closed;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Wire;
import dev.dyad.message.json.Cancellation;
import dev.dyad.message.json.JsonRpc;
import dev.dyad.message.json.JsonRpcException;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A language server of Debian's and an MCP server of npm's, and the examples that talk with them.
@Sampled
@Timeout(180)
class JsonRpcPeersTest {

    private static final Path EXAMPLES = PhpRuns.ROOT.resolve("examples");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void a_language_server_completes_a_word() throws Exception {
        Interpreters.require("pylsp");

        PhpRuns.Output output = PhpRuns.run(example("LanguageServer", "pylsp"));

        assertThat(output.out().lines())
                .as(output.toString())
                .startsWith("connected to pylsp")
                .contains("upper()")
                .endsWith("Exited[code=0]");
        assertThat(output.exit()).isZero();
    }

    @Test
    void an_mcp_server_lists_its_tools_and_one_is_called() throws Exception {
        PhpRuns.Output output = PhpRuns.run(example("McpServer", mcpServer()));

        assertThat(output.out().lines())
                .as(output.toString())
                .startsWith("connected to mcp-servers/everything")
                .contains("tool echo", "tool get-sum")
                .endsWith("Echo: hello");
        assertThat(output.exit()).isZero();
    }

    /// The server is stopped first: so nobody has answered when it is killed.
    @Test
    void a_language_server_that_is_killed_fails_its_pending_calls_at_once() throws Exception {
        Interpreters.require("pylsp");
        try (Child server = spawn("pylsp");
                JsonRpc rpc = JsonRpc.over(MessageChannel.to(server, Wire.contentLength()), Cancellation.LSP)) {
            JsonNode answer = rpc.call("initialize", Map.of("capabilities", Map.of()), Deadline.after(PATIENCE));
            assertThat(answer.path("capabilities").has("completionProvider")).isTrue();

            assertThatAllFailWhenKilled(server, rpc);
        }
    }

    @Test
    void an_mcp_server_that_is_killed_fails_its_pending_calls_at_once() throws Exception {
        try (Child server = spawn(mcpServer());
                JsonRpc rpc = JsonRpc.over(MessageChannel.to(server, Wire.lines()), Cancellation.MCP)) {
            assertThat(rpc.call("ping", null, Deadline.after(PATIENCE)).isEmpty())
                    .isTrue();

            assertThatAllFailWhenKilled(server, rpc);
        }
    }

    private static void assertThatAllFailWhenKilled(Child server, JsonRpc rpc) throws IOException {
        server.signal(Signal.STOP);
        List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(rpc.submit("ping", null, Deadline.never()).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        assertThat(rpc.underWay()).isEqualTo(20);

        server.signal(Signal.KILL);

        for (CompletableFuture<JsonNode> call : calls) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(call::get)
                    .havingCause()
                    .isInstanceOfSatisfying(JsonRpcException.class, failed -> {
                        assertThat(failed.why()).isEqualTo(Why.CHANNEL_ENDED);
                        assertThat(failed.closed())
                                .hasValueSatisfying(how -> assertThat(how)
                                        .isInstanceOfSatisfying(
                                                Closed.ChildEnded.class,
                                                ended -> assertThat(ended.exit())
                                                        .isEqualTo(new Exit.Signaled(Signal.KILL.number(), false))));
                    });
        }
        assertThat(rpc.underWay()).isZero();
    }

    /// A server that neither reads nor answers, in the place of one that hangs.
    @ParameterizedTest
    @ValueSource(strings = {"LanguageServer", "McpServer"})
    void an_example_ends_when_its_server_is_killed_and_says_how(String example) throws Exception {
        try (Started parent = start(example)) {
            ProcessHandle server = server(parent);

            server.destroyForcibly();

            assertThat(parent.waitFor()).isOne();
            assertThat(new String(parent.err().readAllBytes(), UTF_8))
                    .contains("JsonRpcException: initialize: the channel has ended: the child has ended: Signaled")
                    .contains("its last lines: no model");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LanguageServer", "McpServer"})
    void an_example_that_is_killed_takes_its_server_with_it(String example) throws Exception {
        try (Started parent = start(example)) {
            ProcessHandle server = server(parent);

            parent.process().destroyForcibly();

            Await.until(() -> !server.isAlive(), PATIENCE);
        }
    }

    private Started start(String example) throws IOException {
        String hangs = "echo no model >&2; echo $$ >'" + folder + "/new'; mv '" + folder + "/new' '" + folder
                + "/pid'; exec sleep 600";
        return new Started(new ProcessBuilder(example(example, "sh", "-c", hangs)).start());
    }

    private ProcessHandle server(Started parent) throws IOException {
        Path pid = folder.resolve("pid");
        Await.until(() -> Files.exists(pid) || !parent.process().isAlive(), PATIENCE);
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private static Child spawn(String... command) throws IOException {
        return Command.of(List.of(command))
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(20))
                .spawn();
    }

    /// Returns the command of the server that `verify/interop/fetch-mcp` has fetched. It needs a network once, and so
    /// it may be missing.
    private static String[] mcpServer() {
        Interpreters.require("node");
        String given = System.getenv("DYAD_MCP");
        Path fetched = given == null ? PhpRuns.ROOT.resolve("target/mcp") : Path.of(given);
        Path program = fetched.resolve("node_modules/@modelcontextprotocol/server-everything/dist/index.js");
        assumeTrue(Files.exists(program), "no MCP server was fetched: verify/interop/fetch-mcp does it");
        return new String[] {"node", program.toString(), "stdio"};
    }

    private static String[] example(String name, String... command) {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        entry.matches(".*(/(posix|socket|process|message|message-json)/(target/|main).*|jackson-.*)"))
                .collect(Collectors.joining(File.pathSeparator));
        return Stream.concat(
                        PhpRuns.javaCommand(classPath, EXAMPLES.resolve(name + ".java")).stream(), Stream.of(command))
                .toArray(String[]::new);
    }
}
