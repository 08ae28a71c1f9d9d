package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A persistent worker as Bazel starts it, and the example that gives it requests.
@Sampled
@Timeout(120)
class BazelWorkerTest {

    private static final Path EXAMPLE = PhpRuns.ROOT.resolve("examples/BazelWorker.java");
    private static final String WORKER =
            PhpRuns.ROOT.resolve("children/bazel_worker.py").toString();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @BeforeAll
    static void there_is_python() {
        Interpreters.require("python3");
    }

    /// The first request is answered last, after it was cancelled.
    @ParameterizedTest
    @ValueSource(strings = {"proto", "json"})
    void a_worker_answers_several_requests_out_of_order_and_a_cancelled_one(String protocol) throws Exception {
        PhpRuns.Output output = PhpRuns.run(example(protocol, "python3", WORKER));

        assertThat(output.out().lines())
                .as(output.toString())
                .containsExactly(
                        "WorkResponse[exitCode=0, output=HELLO, requestId=2, wasCancelled=false]",
                        "WorkResponse[exitCode=0, output=WORLD, requestId=3, wasCancelled=false]",
                        "WorkResponse[exitCode=0, output=, requestId=1, wasCancelled=true]");
        assertThat(output.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proto", "json"})
    void a_worker_that_is_killed_fails_all_pending_requests_and_they_say_how_it_ended(String protocol)
            throws Exception {
        try (Started parent = startHanging(protocol)) {
            worker(parent).destroyForcibly();

            var out = new BufferedReader(new InputStreamReader(parent.out(), UTF_8));
            for (int i = 0; i < 3; i++) {
                assertThat(out.readLine()).contains("Signaled[signal=9").contains("no model");
            }
            assertThat(parent.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proto", "json"})
    void a_parent_that_is_killed_leaves_no_worker(String protocol) throws Exception {
        try (Started parent = startHanging(protocol)) {
            ProcessHandle worker = worker(parent);

            parent.process().destroyForcibly();

            Await.until(() -> !worker.isAlive(), PATIENCE);
        }
    }

    /// The second request is answered first; the cancellation of one that is answered has no response, and nor has that
    /// of one that never was.
    @Test
    void each_request_has_one_response_byte_for_byte_in_protobuf() throws Exception {
        try (Started worker = worker()) {
            sendHex(worker, "09 0a05 736c656570 1801"); // "sleep", request_id 1
            sendHex(worker, "09 0a05 68656c6c6f 1802"); // "hello", request_id 2
            assertThatNextHex(worker, "09 1205 48454c4c4f 1802");
            sendHex(worker, "04 1802 2001"); // cancels 2, too late
            sendHex(worker, "04 1801 2001");
            assertThatNextHex(worker, "04 1801 2001"); // was_cancelled
            sendHex(worker, "04 1801 2001");
            sendHex(worker, "09 0a05 776f726c64 2800"); // "world", without request_id, and verbosity 0
            assertThatNextHex(worker, "07 1205 574f524c44");

            worker.in().close();

            assertThat(worker.out().readAllBytes()).isEmpty();
            assertThat(worker.waitFor()).isZero();
        }
    }

    /// Requests stand side by side, or with white space between them, and the responses side by side.
    @Test
    void each_request_has_one_response_byte_for_byte_in_json() throws Exception {
        try (Started worker = worker("--worker_protocol=json")) {
            send(worker, """
                    {"arguments": ["sleep"], "requestId": 1, "inputs": [{"path": "a", "digest": "b"}]}""");
            send(worker, """
                    {"arguments": ["}\\"{"], "requestId": 2}

                    """);
            assertThatNext(worker, """
                    {"exitCode": 0, "output": "}\\"{", "requestId": 2, "wasCancelled": false}""");
            send(worker, """
                    {"requestId": 2, "cancel": true}{"requestId": 1, "cancel": true}""");
            assertThatNext(worker, """
                    {"exitCode": 0, "output": "", "requestId": 1, "wasCancelled": true}""");
            send(worker, """
                    {"requestId": 1, "cancel": true}{"arguments": [1]}{"arguments": ["world"]}""");
            assertThatNext(worker, """
                    {"exitCode": 1, "output": "sequence item 0: expected str instance, int found", "requestId": 0, \
                    "wasCancelled": false}{"exitCode": 0, "output": "WORLD", "requestId": 0, "wasCancelled": false}""");

            worker.in().close();

            assertThat(worker.out().readAllBytes()).isEmpty();
            assertThat(worker.waitFor()).isZero();
        }
    }

    @Test
    void the_example_takes_what_a_worker_in_json_may_leave_out_or_add() throws Exception {
        PhpRuns.Output output = PhpRuns.run(example("json", "sh", "-c", """
                read sleep; read hello; read world
                printf '{"requestId":2}{"requestId":3,"new":[{}]}'
                read cancel
                printf '{"requestId":1,"output":null}'
                read end"""));

        assertThat(output.out().lines())
                .as(output.toString())
                .containsExactly(
                        "WorkResponse[exitCode=0, output=, requestId=2, wasCancelled=false]",
                        "WorkResponse[exitCode=0, output=, requestId=3, wasCancelled=false]",
                        "WorkResponse[exitCode=0, output=, requestId=1, wasCancelled=false]");
    }

    @ParameterizedTest
    @CsvSource({
        "json, an answer to no request, '{\"requestId\":9}'",
        "json, Unrecognized token, 'oops '",
        "proto, an answer to no request, '\\002\\030\\011'",
        "proto, truncated, '\\001\\030'"
    })
    void what_is_no_answer_fails_all_pending_requests(String protocol, String why, String bytes) throws Exception {
        PhpRuns.Output output = PhpRuns.run(example(protocol, "sh", "-c", "printf '" + bytes + "'; exec cat >&2"));

        assertThat(output.out().lines().filter(line -> line.contains(why)))
                .as(output.toString())
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"arguments\": [", "hello", "{]}"})
    void what_is_no_json_ends_the_worker(String text) throws Exception {
        try (Started worker = worker("--worker_protocol=json")) {
            worker.in().write(text.getBytes(UTF_8));
            worker.in().close();

            assertThat(worker.out().readAllBytes()).isEmpty();
            assertThat(worker.waitFor()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"09 0a05", "ffffffffffffffffffffff", "ffffffff7f", "02 0b00"})
    void what_is_no_request_ends_the_worker(String bytes) throws Exception {
        try (Started worker = worker()) {
            sendHex(worker, bytes);
            worker.in().close();

            assertThat(worker.out().readAllBytes()).isEmpty();
            assertThat(worker.waitFor()).isOne();
        }
    }

    private static Started worker(String... options) throws IOException {
        List<String> command = Stream.concat(Stream.of("python3", WORKER, "--persistent_worker"), Stream.of(options))
                .toList();
        return new Started(new ProcessBuilder(command).start());
    }

    private static void sendHex(Started worker, String hex) throws IOException {
        worker.in().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        worker.in().flush();
    }

    private static void assertThatNextHex(Started worker, String hex) throws IOException {
        byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(worker.out().readNBytes(expected.length)).asHexString().isEqualToIgnoringCase(hex.replace(" ", ""));
    }

    private static void send(Started worker, String text) throws IOException {
        worker.in().write(text.getBytes(UTF_8));
        worker.in().flush();
    }

    private static void assertThatNext(Started worker, String text) throws IOException {
        assertThat(new String(worker.out().readNBytes(text.length()), UTF_8)).isEqualTo(text);
    }

    /// Starts the example with a worker that neither reads nor answers.
    private Started startHanging(String protocol) throws IOException {
        String hangs = "echo no model >&2; echo $$ >'" + folder + "/new'; mv '" + folder + "/new' '" + folder
                + "/pid'; exec sleep 600";
        return new Started(new ProcessBuilder(example(protocol, "sh", "-c", hangs)).start());
    }

    private ProcessHandle worker(Started parent) throws IOException {
        Path pid = folder.resolve("pid");
        Await.until(() -> Files.exists(pid) || !parent.process().isAlive(), PATIENCE);
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private static String[] example(String protocol, String... command) {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        entry.matches(".*(/(posix|socket|process|message)/(target/|main).*|(jackson|protobuf)-.*)"))
                .collect(Collectors.joining(File.pathSeparator));
        Stream<String> worker = Stream.concat(Stream.of(protocol), Stream.of(command));
        return Stream.concat(PhpRuns.javaCommand(classPath, EXAMPLE).stream(), worker)
                .toArray(String[]::new);
    }
}
