package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.message.Requests.Payload;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.worker.Worker;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A worker in PHP that answers goridge's frames on descriptor 3, and prints what it likes.
@NullUnmarked // what is not there fails the test
@Timeout(60)
class GoridgeWorkerTest {

    @BeforeAll
    static void there_is_php() {
        Interpreters.require("php");
    }

    private static Command php() {
        return Command.of(
                        "php",
                        PhpRuns.ROOT.resolve("children/worker_goridge.php").toString())
                .environment("RR_RELAY", "pipes://fd/3:fd/3")
                .stdout(Stdio.lastLines(100));
    }

    private static Requests ask(Child worker) {
        return Requests.over(MessageChannel.to(worker, Wire.goridge()), Exchange.GORIDGE);
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void it_answers_and_prints_what_it_likes() throws Exception {
        try (Child worker = php().spawn()) {
            try (Requests requests = ask(worker)) {
                for (String request : List.of("hello", "", "x".repeat(300_000))) {
                    assertThat(text(requests.call(UTF_8.encode(request), soon())))
                            .isEqualTo(request.toUpperCase(Locale.ROOT));
                }
                Payload answer = requests.call(new Payload(UTF_8.encode("{\"a\":1}"), UTF_8.encode("body")), soon());
                assertThat(text(answer.context())).isEqualTo("{\"a\":1}");
                assertThat(text(answer.body())).isEqualTo("BODY");
            }
            assertThat(worker.waitFor(soon())).isEqualTo(new Exit.Exited(0));
            assertThat(worker.lastLines(1)).contains("asked for body");
        }
    }

    @Test
    void an_error_leaves_it_alive_and_parts_come_as_they_are_ready() throws Exception {
        try (Child worker = php().spawn();
                Requests requests = ask(worker)) {
            RequestFailedException failed = failure(requests, "fail");
            assertThat(failed.why()).isEqualTo(Why.ANSWERED_ERROR);
            assertThat(failed).hasMessageContaining("it failed");

            List<String> parts = new ArrayList<>();
            try (Requests.Parts come = requests.stream(UTF_8.encode("count 5"), soon())) {
                for (ByteBuffer part = come.next(); part != null; part = come.next()) {
                    parts.add(text(part));
                }
            }
            assertThat(parts).containsExactly("1", "2", "3", "4", "5");
            assertThat(text(requests.call(UTF_8.encode("again"), soon()))).isEqualTo("AGAIN");
        }
    }

    private static RequestFailedException failure(Requests requests, String request) {
        try {
            requests.call(UTF_8.encode(request), soon());
        } catch (RequestFailedException e) {
            return e;
        }
        throw new AssertionError("an answer to " + request);
    }

    @Test
    void a_killed_one_fails_what_is_under_way_and_what_waits_at_once() throws Exception {
        try (Child worker = php().spawn();
                Requests requests = ask(worker)) {
            List<CompletableFuture<ByteBuffer>> asked = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                asked.add(requests.submit(UTF_8.encode("hang"), Deadline.never()));
            }
            Await.until(() -> worker.lastLines(1).contains("asked for hang"), Duration.ofSeconds(30));
            worker.signal(Signal.KILL);

            for (CompletableFuture<ByteBuffer> answer : asked) {
                try {
                    throw new AssertionError(text(answer.get()));
                } catch (ExecutionException e) {
                    var failed = (RequestFailedException) e.getCause();
                    assertThat(((Closed.ChildEnded) failed.closed().orElseThrow()).exit())
                            .isEqualTo(new Exit.Signaled(9, false));
                }
            }
        }
    }

    @Test
    void a_pool_replaces_one_that_is_late() throws Exception {
        try (Workers workers = WorkerPlan.of(php().patience(Duration.ZERO, Duration.ofSeconds(1)))
                .wire(Wire.goridge())
                .exchange(Exchange.GORIDGE)
                .workers(1)
                .start()) {
            assertThat(text(workers.call(UTF_8.encode("a"), soon()))).isEqualTo("A");
            long before = workers.workers().getFirst().pid();
            try {
                workers.call(UTF_8.encode("hang"), Deadline.after(Duration.ofMillis(200)));
                throw new AssertionError("it hangs");
            } catch (RequestFailedException e) {
                assertThat(e.why()).isEqualTo(Why.EXPIRED_RUNNING);
            }
            assertThat(text(workers.call(UTF_8.encode("b"), soon()))).isEqualTo("B");
            assertThat(workers.workers().getFirst().pid()).isNotEqualTo(before);
        }
    }

    @Test
    void a_pool_replaces_one_that_asks_for_it_and_asks_the_next() throws Exception {
        try (Workers workers = WorkerPlan.of(php())
                .wire(Wire.goridge())
                .exchange(Exchange.GORIDGE)
                .workers(2)
                .start()) {
            for (int i = 0; i < 100; i++) {
                assertThat(text(workers.call(UTF_8.encode("request " + i), soon())))
                        .isEqualTo("REQUEST " + i);
            }
            Set<Long> before = new HashSet<>();
            workers.workers().forEach(worker -> before.add(worker.pid()));

            try {
                workers.call(UTF_8.encode("replace"), Deadline.after(Duration.ofMillis(500)));
                throw new AssertionError("every worker asks to be replaced");
            } catch (RequestFailedException e) {
                assertThat(e.mayHaveRun()).isFalse();
            }
            assertThat(text(workers.call(UTF_8.encode("still here"), soon()))).isEqualTo("STILL HERE");
            workers.workers().forEach(worker -> assertThat(before).doesNotContain(worker.pid()));
        }
    }

    @Test
    void a_pool_asks_no_worker_before_it_has_told_its_process_id() throws Exception {
        Command hangs = Command.of("sleep", "1000").patience(Duration.ZERO, Duration.ofSeconds(1));
        try (Workers workers = WorkerPlan.of(List.of(hangs, php()))
                .wire(Wire.goridge())
                .exchange(Exchange.GORIDGE)
                .workers(2)
                .start()) {
            for (int i = 0; i < 20; i++) {
                assertThat(text(workers.call(UTF_8.encode("request " + i), soon())))
                        .isEqualTo("REQUEST " + i);
            }
            assertThat(workers.workers().getFirst().state()).isEqualTo(Worker.State.STARTING);
        }
    }
}
