package dev.dyad.worker;

import static dev.dyad.worker.PythonWorkers.LIMIT;
import static dev.dyad.worker.PythonWorkers.NEVER_READY;
import static dev.dyad.worker.PythonWorkers.SHORT;
import static dev.dyad.worker.PythonWorkers.ask;
import static dev.dyad.worker.PythonWorkers.awaitBusy;
import static dev.dyad.worker.PythonWorkers.awaitGone;
import static dev.dyad.worker.PythonWorkers.awaitReady;
import static dev.dyad.worker.PythonWorkers.awaitWaiting;
import static dev.dyad.worker.PythonWorkers.failure;
import static dev.dyad.worker.PythonWorkers.pids;
import static dev.dyad.worker.PythonWorkers.python;
import static dev.dyad.worker.PythonWorkers.scripted;
import static dev.dyad.worker.PythonWorkers.submit;
import static dev.dyad.worker.PythonWorkers.text;
import static dev.dyad.worker.PythonWorkers.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.dyad.harness.Await;
import dev.dyad.harness.Sampled;
import dev.dyad.message.Closed;
import dev.dyad.message.Exchange;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.RequestFailedException;
import dev.dyad.message.RequestFailedException.Why;
import dev.dyad.message.Requests;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a pool owes to those who use it; what users of other pools complain of most often comes first.
@NullUnmarked // what is not there fails the test
@Sampled
@Timeout(60)
class PoolPointsTest {

    private static final Command OVER_PIPES =
            Command.of("cat").withoutSocket().stdin(Stdio.pipeToChild()).stdout(Stdio.pipe());

    @TempDir
    private Path folder;

    private final ToldEvents events = new ToldEvents();

    private WorkerPlan plan(int workers) {
        return WorkerPlan.of(PythonWorkers.worker()).workers(workers).onEvent(events);
    }

    /// Says that it is ready on stdout, but answers when there is a file, and tells later whether more had come by
    /// then.
    private static final String SLOW_TO_BE_READY = """
            import os, sys, time
            from multiprocessing.connection import Connection
            parent = Connection(3)
            first = parent.recv_bytes()
            print('ready', flush=True)
            while not os.path.exists(sys.argv[1]):
                time.sleep(0.005)
            came_early = parent.poll(0)
            parent.send_bytes(first)
            try:
                while True:
                    parent.send_bytes(f'{parent.recv_bytes().decode()}, early: {came_early}'.encode())
            except EOFError:
                pass
            """;

    @Test
    void nothing_is_sent_to_a_worker_before_it_is_ready() throws Exception {
        Path ready = folder.resolve("ready");
        Command slow = python("-c", SLOW_TO_BE_READY, ready.toString()).stdout(Stdio.ignore());
        try (Workers workers = WorkerPlan.of(slow)
                .workers(1)
                .readyBy(LIMIT, words("ready?"))
                .onEvent(events)
                .start()) {
            CompletableFuture<ByteBuffer> answer = submit(workers, "asked");
            awaitWaiting(workers, 1);
            WorkerEvent.Started _ = events.await(WorkerEvent.Started.class, 1).getFirst();
            assertThat(workers.workers().getFirst().state()).isEqualTo(Worker.State.STARTING);

            Files.createFile(ready);

            assertThat(text(answer.get())).isEqualTo("asked, early: False");
        }
    }

    @Test
    void requests_fail_once_every_worker_fails_and_say_how() throws Exception {
        Command broken = python("-c", "raise SystemExit('no model found')");
        try (Workers workers = WorkerPlan.of(broken)
                .readyBy(LIMIT, words("pid"))
                .workers(1)
                .giveUpAfter(2)
                .onEvent(events)
                .start()) {
            RequestFailedException none = failure(workers, "pid");

            assertThat(none.why()).isEqualTo(Why.NO_WORKERS);
            assertThat(none.mayHaveRun()).isFalse();
            assertThat(none).hasMessageContaining("no model found").hasMessageContaining("code=1");
            assertThat(events.await(WorkerEvent.GaveUp.class, 1)).hasSize(1);
        }
    }

    @Test
    void a_worker_that_is_late_is_replaced_and_never_asked_again() throws Exception {
        try (Workers workers = plan(1).start()) {
            long before = ask(workers, "pid");

            assertThat(failure(workers, "hang", SHORT).why()).isEqualTo(Why.EXPIRED_RUNNING);

            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            awaitGone(before);
        }
    }

    @Test
    void the_queue_is_bounded_and_to_wait_too_long_is_not_to_run_too_long() throws Exception {
        try (Workers workers = plan(1).queue(1).start()) {
            CompletableFuture<ByteBuffer> hanging = submit(workers, "hang");
            awaitBusy(workers, 1);

            RequestFailedException late = failure(workers, "pid", SHORT);
            assertThat(late.why()).isEqualTo(Why.EXPIRED_WAITING);
            assertThat(late.mayHaveRun()).isFalse();

            assertThat(workers.waiting()).isZero();
            CompletableFuture<ByteBuffer> waiting = submit(workers, "pid");
            awaitWaiting(workers, 1);
            assertThat(failure(workers, "pid").why()).isEqualTo(Why.REFUSED);
            assertThat(List.of(hanging, waiting)).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void what_has_not_run_is_asked_again_and_what_may_have_run_is_not() throws Exception {
        try (Workers workers = plan(1).start()) {
            Path left = folder.resolve("left");
            long before = ask(workers, "answer_and_leave " + left);
            Await.until(() -> Files.exists(left), LIMIT); // its end is closed, and it is there
            assertThat(ask(workers, "pid")).isNotEqualTo(before);

            RequestFailedException died = failure(workers, "die");
            assertThat(died.why()).isEqualTo(Why.CHANNEL_ENDED);
            assertThat(died.mayHaveRun()).isTrue();
            assertThat(events.await(WorkerEvent.Failed.class, 2)).hasSize(2);
        }
    }

    @Test
    void a_successor_is_ready_before_the_retirement_which_cuts_no_request() throws Exception {
        Path script = folder.resolve("worker.py");
        Path begin = folder.resolve("begin");
        Path end = folder.resolve("end");
        try (Workers workers =
                scripted(script).workers(1).recycleAfter(2).onEvent(events).start()) {
            awaitReady(workers);
            Files.writeString(script, PythonWorkers.WORKER.replace("try:", """
                    while not os.path.exists('%s'):
                        time.sleep(0.005)
                    try:""".formatted(begin)));
            long before = ask(workers, "pid");
            assertThat(ask(workers, "pid")).isEqualTo(before);
            WorkerEvent.Started _ = events.await(WorkerEvent.Started.class, 2).getLast();
            assertThat(ask(workers, "pid")).isEqualTo(before); // as the next one is not ready
            CompletableFuture<ByteBuffer> running = submit(workers, "until " + end);
            awaitBusy(workers, 1);

            Files.createFile(begin);
            WorkerEvent.Retired _ = events.await(WorkerEvent.Retired.class, 1).getFirst();
            assertThat(ask(workers, "pid")).isNotEqualTo(before);
            Files.createFile(end);

            assertThat(text(running.get())).isEqualTo(Long.toString(before));
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void a_worker_is_asked_over_its_standard_streams() throws Exception {
        try (Workers workers = WorkerPlan.of(OVER_PIPES).workers(2).start()) {
            assertThat(text(workers.call(words("hello"), Deadline.after(LIMIT))))
                    .isEqualTo("hello");
        }
    }

    @Test
    void why_a_worker_has_died_is_in_the_exception() throws Exception {
        Workers workers = plan(1).start();
        try (workers) {
            assertThat(failure(workers, "die").closed())
                    .hasValue(new Closed.ChildEnded(new Exit.Exited(7), false, List.of("asked to die")));
            awaitReady(workers);
            assertThat(failure(workers, "crash"))
                    .satisfies(crashed -> assertThat(crashed.closed()).get().isInstanceOf(Closed.ChildEnded.class))
                    .hasMessageContaining("Signaled[signal=11");
            awaitReady(workers);
            CompletableFuture<ByteBuffer> ours = submit(workers, "hang");
            awaitBusy(workers, 1);
            workers.close();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(ours::get)
                    .satisfies(failed -> assertThat(((RequestFailedException) failed.getCause()).closed())
                            .get()
                            .isInstanceOf(Closed.Here.class));
        }
    }

    @Test
    void a_worker_that_answers_an_error_fails_the_request_and_goes_on() throws Exception {
        try (Workers workers = NumberedWorkers.plan().workers(1).onEvent(events).start()) {
            long before = ask(workers, "pid");

            assertThat(failure(workers, "fail"))
                    .hasMessageContaining("no such city")
                    .satisfies(soft -> assertThat(soft.why()).isEqualTo(Why.ANSWERED_ERROR));

            assertThat(ask(workers, "pid")).isEqualTo(before);
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }

    @Test
    void a_poison_request_ends_as_many_workers_as_was_said_and_no_more() throws Exception {
        try (Workers workers = plan(3).askAgain(1).start()) {
            awaitReady(workers);

            assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);

            awaitReady(workers);
            assertThat(events.of(WorkerEvent.Failed.class)).hasSize(2);
        }
    }

    @Test
    void parts_of_an_answer_wait_until_those_before_were_taken() throws Exception {
        try (Child child = NumberedWorkers.command().spawn();
                Requests requests = Requests.over(MessageChannel.to(child, Wire.framed()), Exchange.NUMBERED);
                Requests.Parts parts = requests.stream(words("parts 100"), Deadline.after(LIMIT))) {
            Await.until(() -> sent(requests) == 16, LIMIT);
            assertThat(sent(requests)).isEqualTo(16);

            List<String> taken = new ArrayList<>();
            for (ByteBuffer part = parts.next(); part != null; part = parts.next()) {
                taken.add(text(part));
            }

            assertThat(taken.subList(0, 100)).startsWith("0", "1").endsWith("98", "99");
            assertThat(sent(requests)).isEqualTo(100);
        }
    }

    private static int sent(Requests requests) {
        try {
            return Integer.parseInt(text(requests.call(words("sent"), Deadline.after(LIMIT))));
        } catch (RequestFailedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_spare_steps_in_where_a_worker_is_away() throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers =
                scripted(script).workers(1).spares(1).onEvent(events).start()) {
            awaitReady(workers);
            long spare = workers.workers().getLast().pid();
            assertThat(ask(workers, "pid")).isNotEqualTo(spare);
            Files.writeString(script, NEVER_READY);

            assertThat(failure(workers, "die").why()).isEqualTo(Why.CHANNEL_ENDED);

            assertThat(ask(workers, "pid")).isEqualTo(spare);
        }
    }

    @Test
    void more_workers_are_started_while_requests_wait_up_to_the_most() throws Exception {
        try (Workers workers = WorkerPlan.of(PythonWorkers.worker())
                .workers(1, 2)
                .onEvent(events)
                .start()) {
            awaitReady(workers);
            assertThat(workers.workers()).hasSize(1);
            CompletableFuture<ByteBuffer> first = submit(workers, "hang");
            awaitBusy(workers, 1);
            CompletableFuture<ByteBuffer> second = submit(workers, "hang");
            awaitBusy(workers, 2);

            CompletableFuture<ByteBuffer> third = submit(workers, "hang");
            awaitWaiting(workers, 1);
            assertThat(workers.workers()).hasSize(2);
            assertThat(events.of(WorkerEvent.Started.class)).hasSize(2);
            assertThat(List.of(first, second, third)).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void a_reload_keeps_the_old_where_the_new_does_not_get_ready() throws Exception {
        Path script = folder.resolve("worker.py");
        try (Workers workers = scripted(script).workers(2).start()) {
            awaitReady(workers);
            Set<Long> before = pids(workers);
            Files.writeString(script, "raise SystemExit('a bad release')");

            assertThatIOException()
                    .isThrownBy(() -> workers.reload(Deadline.after(LIMIT)))
                    .withMessageContaining("a bad release");

            assertThat(pids(workers)).isEqualTo(before).contains(ask(workers, "pid"));
        }
    }

    @Test
    void what_a_worker_prints_instead_of_an_answer_is_shown() throws Exception {
        Command printing = Command.of("sh", "-c", "echo Could not open input file: worker.php; exec cat")
                .withoutSocket()
                .stdin(Stdio.pipeToChild())
                .stdout(Stdio.pipe())
                .patience(SHORT, SHORT);
        try (Workers workers = WorkerPlan.of(printing)
                .workers(1)
                .readyBy(LIMIT, words("ready?"))
                .giveUpAfter(1)
                .start()) {
            assertThat(failure(workers, "pid")).hasMessageContaining("Could not open input file");
        }
    }

    /// Answers each message with all the bytes that have come so far.
    private static final String COUNTING = """
            import os, sys, time
            come = 0
            while True:
                request = os.read(3, 4096)
                if not request:
                    break
                come += len(request)
                if request.endswith(b'until'):
                    while not os.path.exists(sys.argv[1]):
                        time.sleep(0.005)
                answer = str(come).encode()
                os.write(3, len(answer).to_bytes(4, 'big') + answer)
            """;

    @Test
    void a_busy_worker_is_sent_no_pings_and_is_not_killed() throws Exception {
        Path end = folder.resolve("end");
        try (Workers workers = WorkerPlan.of(python("-c", COUNTING, end.toString()))
                .workers(1)
                .onEvent(events)
                .start()) {
            CompletableFuture<ByteBuffer> running = submit(workers, "until");
            awaitBusy(workers, 1);
            assertThat(failure(workers, "pid", SHORT).why()).isEqualTo(Why.EXPIRED_WAITING); // for a while
            Files.createFile(end);

            int request = Integer.BYTES + "until".length();
            assertThat(text(running.get())).isEqualTo("" + request);
            assertThat(ask(workers, "until")).isEqualTo(2L * request);
            assertThat(events.of(WorkerEvent.Retired.class)).isEmpty();
            assertThat(events.of(WorkerEvent.Failed.class)).isEmpty();
        }
    }
}
