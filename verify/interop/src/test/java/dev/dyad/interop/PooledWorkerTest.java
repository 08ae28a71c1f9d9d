package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Exchange;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.Requests.Payload;
import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The workers of `children/` behind a pool.
@Sampled
@Timeout(120)
class PooledWorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MANY = 100;

    @TempDir
    static Path folder;

    @ParameterizedTest
    @EnumSource
    void a_worker_in_each_language_answers_and_is_replaced_when_it_is_killed(ChildLanguage language) throws Exception {
        Command command = language.command(language.worker(), folder).stderr(Stdio.lastLines(50));
        Wire wire = language == ChildLanguage.SH ? Wire.lines() : Wire.framed();

        try (Workers workers = plan(command).wire(wire).start()) {
            assertAnswersAndIsReplaced(workers, "the parent, %d", "THE PARENT, %d");
        }
    }

    @Test
    void a_worker_on_the_channel_of_node_answers_and_is_replaced_when_it_is_killed() throws Exception {
        Interpreters.require("node");
        Command node = Command.of("node", inChildren("worker_ipc.mjs"))
                .environment("NODE_CHANNEL_FD", "3")
                .environment("NODE_CHANNEL_SERIALIZATION_MODE", "json");

        try (Workers workers = plan(node).wire(Wire.lines()).start()) {
            assertAnswersAndIsReplaced(workers, "{\"id\":%d,\"text\":\"hö\"}", "{\"id\":%d,\"text\":\"HÖ\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({"python3, numbered.py", "node, numbered.mjs"})
    void a_worker_with_several_requests_at_once_answers_and_is_replaced_when_it_is_killed(String program, String file)
            throws Exception {
        Interpreters.require(program);

        try (Workers workers = plan(Command.of(program, inChildren(file)))
                .exchange(Exchange.NUMBERED)
                .atOnce(4)
                .start()) {
            assertAnswersAndIsReplaced(workers, "hello, %d", "HELLO, %d");
        }
    }

    @Test
    void a_worker_over_its_standard_streams_answers_and_is_replaced_when_it_is_killed() throws Exception {
        Interpreters.require("python3");
        Command python = RemoteCommands.overPipes(List.of("python3", inChildren("worker_stdio.py")));

        try (Workers workers = plan(python).start()) {
            assertAnswersAndIsReplaced(workers, "hello, %d", "HELLO, %d");
        }
    }

    /// A worker without a change that RoadRunner would start.
    @Test
    void a_worker_of_roadrunners_kind_answers_and_is_replaced_when_it_is_killed() throws Exception {
        try (Workers workers = roadRunners().start()) {
            assertAnswersAndIsReplaced(workers, "hello, %d", "HELLO, %d");
        }
    }

    /// Its parts might go on for ever, and nobody asks while they come.
    @Test
    void a_worker_of_roadrunners_kind_that_answers_a_call_in_parts_is_replaced() throws Exception {
        try (Workers workers = roadRunners().workers(1).start()) {
            assertThatExceptionOfType(RequestFailedException.class)
                    .isThrownBy(() -> workers.call(UTF_8.encode("count 3"), Deadline.after(PATIENCE)))
                    .withMessageContaining("in parts");

            ByteBuffer answer = workers.call(UTF_8.encode("hello"), Deadline.after(PATIENCE));
            assertThat(UTF_8.decode(answer).toString()).isEqualTo("HELLO");
            assertThat(workers.workers().getFirst().generation()).isPositive();
        }
    }

    @Test
    void a_worker_of_roadrunners_kind_is_told_the_context_of_a_request() throws Exception {
        try (Workers workers = roadRunners().start()) {
            var request = new Payload(UTF_8.encode("{\"method\":\"GET\"}"), UTF_8.encode("hello"));

            Payload answer = workers.call(request, Deadline.after(PATIENCE));

            assertThat(UTF_8.decode(answer.context()).toString()).isEqualTo("{\"method\":\"GET\"}");
            assertThat(UTF_8.decode(answer.body()).toString()).isEqualTo("HELLO");
        }
    }

    private static WorkerPlan roadRunners() {
        Interpreters.require("php");
        Command php = Command.of("php", inChildren("worker_goridge.php"))
                .environment("RR_RELAY", "pipes://fd/3:fd/3")
                .stdout(Stdio.ignore());
        return plan(php).wire(Wire.goridge()).exchange(Exchange.GORIDGE);
    }

    private static String inChildren(String file) {
        return ChildLanguage.inChildren(file).toString();
    }

    private static WorkerPlan plan(Command command) {
        return WorkerPlan.of(command).workers(2);
    }

    private static void assertAnswersAndIsReplaced(Workers workers, String request, String answer) throws Exception {
        assertBothAnswer(workers, request, answer);
        List<Worker> before = workers.workers();

        ProcessHandle.of(before.getFirst().pid()).orElseThrow().destroyForcibly();
        Await.until(
                () -> workers.workers().getFirst().generation()
                        > before.getFirst().generation(),
                PATIENCE);

        assertBothAnswer(workers, request, answer);
        assertThat(workers.workers().getLast().pid()).isEqualTo(before.getLast().pid());
    }

    /// Each of many keys belongs to one of the two.
    private static void assertBothAnswer(Workers workers, String request, String answer) throws Exception {
        Await.until(
                () -> workers.workers().stream().allMatch(worker -> worker.state() == Worker.State.READY), PATIENCE);
        for (int i = 0; i < MANY; i++) {
            ByteBuffer asked = UTF_8.encode(request.formatted(i));
            ByteBuffer answered = workers.call(i, asked, Deadline.after(PATIENCE));
            assertThat(UTF_8.decode(answered).toString()).isEqualTo(answer.formatted(i));
        }
        assertThat(workers.workers())
                .allSatisfy(worker -> assertThat(worker.answered()).isPositive());
    }
}
