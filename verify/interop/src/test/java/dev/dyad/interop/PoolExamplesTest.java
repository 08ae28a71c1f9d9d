package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The examples that have a pool of workers: what they answer, and that nothing is left of them.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(180)
class PoolExamplesTest {

    private static final Path ROOT = PhpRuns.ROOT;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES = 1_000;

    /// The words of a worker's script in `children/`.
    private static String script(String name) {
        return ROOT.resolve("children/" + name).toString();
    }

    private static Child spawn(String example, String... arguments) throws Exception {
        return MessagePrograms.command(ROOT.resolve("examples/" + example + ".java"), arguments)
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(50))
                .withoutSocket()
                .spawn();
    }

    private static BufferedReader output(Child program) {
        return new BufferedReader(new InputStreamReader(program.stdout().inputStream(), UTF_8));
    }

    /// Has an example that is busy with these lines killed, and requires that its workers, one of which hangs, end.
    private static void assertLeavesNothing(int workers, String example, String... arguments) throws Exception {
        try (Child program = spawn(example, arguments)) {
            say(program, "hang\n".repeat(workers));
            assertLeavesNothing(program, workers);
        }
    }

    private static void assertLeavesNothing(Child program, int workers) throws Exception {
        ProcessHandle handle = program.handle().orElseThrow();
        Await.until(() -> handle.children().count() == workers, PATIENCE);
        List<ProcessHandle> started = handle.descendants().toList();

        program.signal(Signal.KILL);

        started.forEach(worker -> Await.until(() -> hasEnded(worker), PATIENCE));
    }

    /// One that nobody has reaped yet has no command line.
    private static boolean hasEnded(ProcessHandle process) {
        return !process.isAlive() || process.info().command().isEmpty();
    }

    private static void say(Child program, String lines) throws Exception {
        program.stdin().outputStream().write(lines.getBytes(UTF_8));
    }

    private static String lines(String format) {
        return IntStream.range(0, LINES).mapToObj(format::formatted).collect(joining());
    }

    @Test
    void php_workers_answer_each_line_in_its_place_though_some_die_and_some_are_recycled() throws Exception {
        Interpreters.require("php");
        try (Child program = spawn("PhpPool", script("worker_goridge.php"))) {
            CompletableFuture<List<String>> answers =
                    CompletableFuture.supplyAsync(() -> output(program).lines().toList());
            say(program, "die\n" + lines("line %d\n") + "fail\n");
            program.stdin().close();

            assertThat(answers.get().getFirst()).contains("Exited[code=7]");
            assertThat(answers.get().subList(1, LINES + 1))
                    .isEqualTo(lines("LINE %d\n").lines().toList());
            assertThat(answers.get().getLast()).contains("it failed");
            assertThat(program.waitFor(Deadline.after(PATIENCE))).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void a_killed_pool_of_php_workers_that_hang_leaves_nothing() throws Exception {
        Interpreters.require("php");
        assertLeavesNothing(4, "PhpPool", script("worker_goridge.php"));
    }

    @Test
    void workers_of_two_namespaces_answer_each_line() throws Exception {
        Interpreters.require("python3");
        try (NetworkNamespace one = NetworkNamespace.make();
                NetworkNamespace other = NetworkNamespace.make();
                Child program = spawn("TwoNamespaces", one.name(), other.name(), script("worker.py"))) {
            ProcessHandle handle = program.handle().orElseThrow();
            Await.until(() -> handle.children().count() == 2, PATIENCE);
            say(program, lines("line %d\n"));
            for (NetworkNamespace namespace : List.of(one, other)) {
                List<ProcessHandle> workers = handle.children().toList();
                Await.until(() -> workers.stream().anyMatch(worker -> namespace.has(worker.pid())), PATIENCE);
            }
            CompletableFuture<List<String>> answers =
                    CompletableFuture.supplyAsync(() -> output(program).lines().toList());
            program.stdin().close();

            assertThat(answers.get().subList(0, LINES))
                    .isEqualTo(lines("LINE %d\n").lines().toList());
            assertThat(answers.get().stream().skip(LINES))
                    .hasSize(2)
                    .allMatch(line -> line.matches("\\d+ by worker ."));
            assertThat(program.waitFor(Deadline.after(PATIENCE))).isEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void a_killed_pool_over_two_namespaces_leaves_nothing() throws Exception {
        Interpreters.require("python3");
        try (NetworkNamespace one = NetworkNamespace.make();
                NetworkNamespace other = NetworkNamespace.make()) {
            assertLeavesNothing(2, "TwoNamespaces", one.name(), other.name(), script("worker_faulty.py"));
        }
    }

    @Test
    void http_requests_are_answered_though_workers_crash_hang_leak_and_print() throws Exception {
        serve((program, service) -> {
            CompletableFuture<HttpResponse<String>> hangs = service.ask("hang");

            service.assertAnswers();
            assertThat(service.ask("print").get().body()).isEqualTo("PRINT");
            assertThat(service.ask("x".repeat((1 << 20) + 1)).get().statusCode())
                    .isEqualTo(413);
            HttpResponse<String> crashed = service.ask("crash").get();
            assertThat(crashed.statusCode()).isEqualTo(502);
            assertThat(crashed.body()).contains("RuntimeError: asked to crash");
            assertThat(service.ask("leak").get().body()).isEqualTo("LEAK");
            Await.until(
                    () -> {
                        service.assertAnswers(); // memory is looked at after an answer
                        return program.lastLines().stream().anyMatch(line -> line.contains("bytes of memory"));
                    },
                    PATIENCE);
            assertThat(hangs.get().statusCode()).isEqualTo(504);
            service.assertAnswers();
            assertThat(service.workers()).hasSize(4);
        });
    }

    @Test
    void an_http_request_under_way_at_a_sigterm_is_answered() throws Exception {
        serve((program, service) -> {
            CompletableFuture<HttpResponse<String>> hangs = service.hang();

            program.signal(Signal.TERM);

            assertThat(hangs.get().statusCode()).isEqualTo(504); // late, and not cut
            assertThat(program.waitFor()).isEqualTo(new Exit.Exited(143));
        });
    }

    @Test
    void a_killed_http_server_leaves_no_worker() throws Exception {
        serve((program, service) -> {
            service.assertAnswers();
            CompletableFuture<HttpResponse<String>> hangs = service.hang();

            assertLeavesNothing(program, 4);
            assertThat(hangs).failsWithin(PATIENCE);
        });
    }

    private interface Served {
        void run(Child program, Service service) throws Exception;
    }

    /// Runs a test with the HTTP server.
    private static void serve(Served test) throws Exception {
        Interpreters.require("python3");
        try (Child program = spawn("HttpPool", "0", script("worker_faulty.py"));
                BufferedReader output = output(program);
                HttpClient client = HttpClient.newHttpClient()) {
            var service = new Service(client, URI.create(output.readLine()));
            service.awaitWorkers();
            test.run(program, service);
        }
    }

    /// Where an example answers by HTTP.
    private record Service(HttpClient client, URI address) {

        /// Waits until Python has started: its requests have less time than that may take on a busy machine.
        void awaitWorkers() {
            Await.until(() -> ask("hello").join().statusCode() == 200, PATIENCE);
        }

        /// Asks what hangs, and returns once a worker has it.
        CompletableFuture<HttpResponse<String>> hang() throws Exception {
            CompletableFuture<HttpResponse<String>> hangs = ask("hang");
            Await.until(() -> workers().stream().anyMatch(worker -> worker.contains("BUSY")), PATIENCE);
            return hangs;
        }

        CompletableFuture<HttpResponse<String>> ask(String request) {
            return client.sendAsync(
                    HttpRequest.newBuilder(address)
                            .POST(HttpRequest.BodyPublishers.ofString(request))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        /// Requires an answer to each of some at the same time.
        void assertAnswers() {
            List<CompletableFuture<HttpResponse<String>>> answers =
                    Stream.generate(() -> ask("hello")).limit(20).toList();
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("HELLO"));
        }

        /// What it says of each worker.
        List<String> workers() {
            return client.sendAsync(
                            HttpRequest.newBuilder(address.resolve("/workers")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .join()
                    .body()
                    .lines()
                    .toList();
        }
    }
}
